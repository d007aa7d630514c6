/** A private key as PEM writes it, whole or cut. */
export const PRIVATE_KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----|$)/g;

/** Secrets that are recognised by their form: JSON web tokens, keys of AWS, GitHub, GitLab, Slack, Stripe, Google and others. */
export const SECRET_SHAPES: readonly RegExp[] = [
  /\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,}/g,
  /\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA|ANVA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[oprsu]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,})/g,
  /\b(?:[rs]k_(?:live|test)_\w{10,}|AIza[\w-]{30,}|npm_\w{30,}|hf_[A-Za-z]{30,}|dop_v1_[0-9a-f]{40,})/g,
  /\b(?:SG\.[\w-]{16,}\.[\w-]{16,}|sk-(?:ant-|proj-)?[\w-]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{20,})/g,
];
