/** How long a request's body may be, and a manifest, in characters: upstream counts bytes. Upstream: apiserver pkg/server/config.go MaxRequestBodyBytes (v1.36). */
export const MOST_LENGTH = 3 * 1024 * 1024;
