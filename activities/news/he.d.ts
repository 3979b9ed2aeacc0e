// What is used of `he`, which brings no types of its own.
declare module 'he' {
  /** The text with its character references replaced as the HTML standard says; unknown names stay as they are. */
  export function decode(text: string): string;
}
