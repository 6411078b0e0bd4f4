/**
 * What a text that is no YAML is blamed for, in the words and with the line of Go's reader.
 * Upstream: go.yaml.in/yaml/v2 scannerc.go, parserc.go, decode.go (parser.fail). Simplified: what the `yaml` package noticed first is taken for what Go's reader stops at.
 */
import { LineCounter, type YAMLParseError } from 'yaml';
import { readDocuments } from '../api/manifest/documents.ts';

/** `line`: 1-based, in its document. A parser's mark is one line behind a scanner's. */
interface Blame {
  readonly words: string;
  readonly line: number;
  readonly by: 'scanner' | 'parser';
}

/** 'line 3: did not find expected key'; undefined when all can be read. */
export function yamlWords(text: string): string | undefined {
  const lines = new LineCounter();
  const error = readDocuments(text, lines).flatMap((document) => document.errors)[0] as YAMLParseError | undefined;
  if (!error) return undefined;
  const parted = text.slice(0, error.pos[0]).lastIndexOf('\n---');
  const skipped = parted < 0 ? 0 : lines.linePos(parted + 1).line;
  const { words, line, by } = blame(error, text, (at) => lines.linePos(at).line - skipped);
  const told = by === 'scanner' ? line : line - 1;
  return line > 1 && told > 0 ? `line ${told}: ${words}` : words;
}

function blame({ code, message, pos: [at] }: YAMLParseError, text: string, lineOf: (at: number) => number): Blame {
  const here = lineOf(at);
  const rest = text.slice(at);
  const scanner = (words: string, line = here): Blame => ({ words, line, by: 'scanner' });
  const parser = (words: string): Blame => ({ words, line: here, by: 'parser' });
  const noColon = scanner("could not find expected ':'", here + 1);
  const misplaced = (): Blame => scanner('mapping values are not allowed in this context', lineOf(at + rest.search(/:(?:\s|$)/)));
  switch (code) {
    case 'TAB_AS_INDENT':
      return scanner(
        /:\s*$/.test(text.slice(0, at)) ? 'found character that cannot start any token' : 'found a tab character that violates indentation',
      );
    case 'BAD_SCALAR_START':
      return scanner('found character that cannot start any token');
    case 'BAD_DQ_ESCAPE':
      return scanner('found unknown escape character');
    case 'BLOCK_AS_IMPLICIT_KEY':
      return message.startsWith('Nested') ? misplaced() : parser('did not find expected key');
    case 'MULTILINE_IMPLICIT_KEY':
      return rest.startsWith('- ') ? parser('did not find expected key') : isFirst(text, at) ? misplaced() : noColon;
    case 'MISSING_CHAR':
      return message.startsWith('Missing closing')
        ? scanner('found unexpected end of stream')
        : message.startsWith('Sequence')
          ? parser(isIndentless(text, at) ? 'did not find expected key' : "did not find expected '-' indicator")
          : noColon;
    case 'BAD_INDENT':
      return message.startsWith('Flow')
        ? parser(openWords(text.slice(0, at), message))
        : parser(message.includes('sequence') ? "did not find expected '-' indicator" : 'did not find expected key');
    case 'UNEXPECTED_TOKEN':
      if (message.includes('block-seq-ind')) return scanner('block sequence entries are not allowed in this context');
      if (/^- /m.test(text) && message.includes('node end') && /^(?:---.*\n)?- /.test(text))
        return parser("did not find expected '-' indicator");
      return parser(/:\s*$/.test(text.slice(0, at)) ? 'did not find expected node content' : 'did not find expected key');
    default:
      return scanner(message);
  }
}

/** Whether nothing of the document stands before. */
const isFirst = (text: string, at: number): boolean => /(?:^|\n---[^\n]*\n)\s*$/.test(text.slice(0, at));

/** A bracket that is open where the text ends, or where its lines begin too far to the left. */
function openWords(before: string, message: string): string {
  if (/[[{,]\s*$/.test(before)) return 'did not find expected node content';
  return `did not find expected ',' or '${message.includes('map') ? '}' : ']'}'`;
}

/** Whether the list before begins where the key over it does. */
function isIndentless(text: string, at: number): boolean {
  const above = text
    .slice(0, at)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const dash = above.findLast((line) => /^\s*- /.test(line))?.search(/\S/) ?? 0;
  const key = above.findLast((line) => !/^\s*- /.test(line) && line.search(/\S/) <= dash);
  return key?.search(/\S/) === dash;
}
