/** Lets panels come and go softly: what leaves stays until it has faded. Fetched with the first panel that opens; who wants less motion gets none. */
import { AnimatePresence, domAnimation, LazyMotion, MotionConfig, useReducedMotion } from 'framer-motion';
import type { ReactNode } from 'react';

const SECONDS = 0.16;

export default function Presence({ children }: { readonly children: ReactNode }) {
  return (
    <LazyMotion features={domAnimation} strict>
      <MotionConfig transition={{ duration: useReducedMotion() ? 0 : SECONDS, ease: 'easeOut' }}>
        <AnimatePresence>{children}</AnimatePresence>
      </MotionConfig>
    </LazyMotion>
  );
}
