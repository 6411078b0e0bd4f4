/** How long a request's body may be, and a manifest. Upstream: apiserver pkg/server/config.go MaxRequestBodyBytes (v1.36). */
export const MOST_LENGTH = 3 * 1024 * 1024;

/** What to say of a text that is too long to be read; undefined when it is not. */
export const tooLong = (text: string): string | undefined =>
  text.length > MOST_LENGTH ? `the text is ${(text.length / 1048576).toFixed(1)} MiB long; at most 3 MiB can be read` : undefined;
