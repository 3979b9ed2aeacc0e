// The public keys that answer for the models Ratchet ships. The private half of the first was made for the four
// versions in serving/models and thrown away once they were signed, so nobody can sign another file with it. A new
// shipped version is signed by a key of its own, whose public half is added here (docs/serving.md).
export const projectKeys: readonly string[] = [
  `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAD3IS6ZzYxdgL9ZSSmnQimy5qkY7w60NFei+LXjQAhDQ=
-----END PUBLIC KEY-----
`,
];
