/** Drawn, not typed: not every machine has a font with these signs. */
export function Icon({ d, isLine = false }: { readonly d: string; readonly isLine?: boolean }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={d} fill={isLine ? 'none' : 'currentColor'} stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
