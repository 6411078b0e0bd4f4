/** The alphabet of generated names: no vowels, so no words. Upstream: staging/src/k8s.io/apimachinery/pkg/util/rand/rand.go (v1.36). */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters, each drawn below 27. */
export function safeSuffix(below: (n: number) => number, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += ALPHABET[below(ALPHABET.length)];
  return text;
}

/** Maps each character of a text onto the alphabet, as upstream's SafeEncodeString. */
export function safeEncode(text: string): string {
  let encoded = '';
  for (let i = 0; i < text.length; i++) encoded += ALPHABET[text.charCodeAt(i) % ALPHABET.length];
  return encoded;
}
