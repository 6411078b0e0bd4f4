/** The alphabet of generated names: no vowels, so no words. Upstream: staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go (v1.36). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters, each drawn below 27. */
export function safeSuffix(below: (n: number) => number, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[below(ALPHABET.length)];
  return text;
}

/** A version 4 UUID. Upstream: github.com/google/uuid. */
export function uuid(below: (n: number) => number): string {
  const four = (): string => (0x10000 + below(0x10000)).toString(16).slice(1);
  return `${four()}${four()}-${four()}-4${four().slice(1)}-${'89ab'[below(4)]}${four().slice(1)}-${four()}${four()}${four()}`;
}

/** Maps each character of a text onto the alphabet, as upstream's SafeEncodeString. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let i = 0; i < text.length; i++) encoded += ALPHABET[text.charCodeAt(i) % ALPHABET.length];
  return encoded;
}
