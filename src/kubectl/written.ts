/** What a command writes: two streams, and the order of their texts, as a terminal shows them. Errors come last, as kubectl tells them when it ends. */
export interface Chunk {
  readonly to: 'stdout' | 'stderr';
  readonly text: string;
}
export interface Written {
  readonly printed: readonly Chunk[];
  readonly errors: string;
}

export const inOrder = ({ printed, errors }: Written): readonly Chunk[] =>
  errors === '' ? printed : [...printed, { to: 'stderr', text: errors }];

export function streams(written: Written): { readonly stdout: string; readonly stderr: string } {
  const text = (to: Chunk['to']): string =>
    inOrder(written)
      .filter((chunk) => chunk.to === to)
      .map((chunk) => chunk.text)
      .join('');
  return { stdout: text('stdout'), stderr: text('stderr') };
}
