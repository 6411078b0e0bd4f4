/** How long a manifest may be: as long as a request. */
import { MOST_LENGTH } from '../body-limit.ts';

/** What to say of a text that is too long to be read; undefined when it is not. */
export const tooLong = (text: string): string | undefined =>
  text.length > MOST_LENGTH ? `the text is ${(text.length / 1048576).toFixed(1)} MiB long; at most 3 MiB can be read` : undefined;
