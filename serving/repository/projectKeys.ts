// The public keys that answer for the models Ratchet ships. The private half of each was made for the versions it
// signed and thrown away once they were signed, so nobody can sign another file with it. A new
// shipped version is signed by a key of its own, whose public half is added here (docs/security.md).
export const projectKeys: readonly string[] = [
  // signal-quality 1 and 2.
  `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAD3IS6ZzYxdgL9ZSSmnQimy5qkY7w60NFei+LXjQAhDQ=
-----END PUBLIC KEY-----
`,
  // sentiment 1 and 3.
  `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAqCBPNQ3/YjGbNPG8ej9321blkhOo62gDtxBpxI50z/k=
-----END PUBLIC KEY-----
`,
];
