/** Instants as Go reads and writes them in objects. Upstream: Go's time.Parse; apimachinery pkg/apis/meta/v1 time.go, micro_time.go (v1.36). Simplified: nothing. */
import { parseTime, rfc3339 } from './time.ts';

interface Element {
  readonly layout: string;
  readonly form: RegExp;
  readonly most?: number;
  readonly what?: string;
  readonly least?: number;
}
const literal = (text: string): Element => ({ layout: text, form: new RegExp(`^${text}`) });
const DATE: readonly Element[] = [
  { layout: '2006', form: /^\d{4}/ },
  literal('-'),
  { layout: '01', form: /^\d\d/, least: 1, most: 12, what: 'month' },
  literal('-'),
  { layout: '02', form: /^\d\d/ },
  literal('T'),
  { layout: '15', form: /^\d\d?/, most: 23, what: 'hour' },
  literal(':'),
  { layout: '04', form: /^\d\d/, most: 59, what: 'minute' },
  literal(':'),
  { layout: '05', form: /^\d\d/, most: 59, what: 'second' },
];
const ZONE: Element = { layout: 'Z07:00', form: /^(?:Z|[+-]\d\d:\d\d)/ };
/** A fraction that the layout does not name may be there. */
const PLAIN: readonly Element[] = [...DATE, { layout: '', form: /^(?:[.,]\d+)?/ }, ZONE];
const MICRO: readonly Element[] = [...DATE, { layout: '.000000', form: /^[.,]\d{6}/ }, ZONE];
const [YEAR, MONTH, DAY, HOUR] = [0, 2, 4, 6];

const lengthOf = (month: number, year: number): number =>
  month === 2 ? ((year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

/** `text`: as Go writes it again, null for the zero time. `isMicro`: a MicroTime, which has six decimals. */
export function goTime(text: string, isMicro = false): { readonly text: string | null } | { readonly error: string } {
  const failed = (why: string): { readonly error: string } => ({ error: `parsing time ${JSON.stringify(text)}${why}` });
  const layout = `2006-01-02T15:04:05${isMicro ? '.000000' : ''}Z07:00`;
  const read: string[] = [];
  let rest = text;
  for (const element of isMicro ? MICRO : PLAIN) {
    const [part] = element.form.exec(rest) ?? [];
    if (part === undefined)
      return failed(` as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element.layout)}`);
    if (element.most !== undefined && (Number(part) > element.most || Number(part) < (element.least ?? 0)))
      return failed(`: ${element.what} out of range`);
    if (element === ZONE && Number(part.slice(1, 3)) > 24) return failed(': time zone offset hour out of range');
    if (element === ZONE && Number(part.slice(4)) > 60) return failed(': time zone offset minute out of range');
    read.push(part);
    rest = rest.slice(part.length);
  }
  if (rest !== '') return failed(`: extra text: ${JSON.stringify(rest)}`);
  const [year, month, day] = [YEAR, MONTH, DAY].map((i) => Number(read[i]));
  if (day < 1 || day > lengthOf(month, year)) return failed(': day out of range');
  return { text: written(read, isMicro) };
}

function written(read: readonly string[], isMicro: boolean): string | null {
  const fraction = read.at(-2) ?? '';
  const instant = rfc3339(
    parseTime(read.map((part, i) => (i === HOUR ? part.padStart(2, '0') : i === read.length - 2 ? '' : part)).join('')),
  );
  if (instant === '0001-01-01T00:00:00Z' && !/[1-9]/.test(fraction)) return null;
  return isMicro ? instant.replace('Z', `.${fraction.slice(1)}Z`) : instant;
}
