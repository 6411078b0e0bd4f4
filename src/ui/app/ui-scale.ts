/** How much larger than at 1280×720 the bars are drawn when presenting: with the height, as far as the width allows. */
import { useEffect, useState } from 'react';

const scaleNow = (): number => Math.max(1, Math.min(window.innerHeight / 720, window.innerWidth / 1280));

export function useUiScale(): number {
  const [scale, setScale] = useState(scaleNow);
  useEffect(() => {
    const onResize = (): void => setScale(scaleNow());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
  return scale;
}
