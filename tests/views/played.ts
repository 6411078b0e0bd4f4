/** A cluster that was given a manifest, with all that a view asks for at any row. */
import { boot, command, createEngine, settle, type Engine } from '../../src/engine/engine.ts';
import { beatsOf, type Beat } from '../../src/story/beats.ts';
import { openBook, pictureAt, type PictureBook } from '../../src/story/picture.ts';
import { sceneOf, trayPlaces, type Scene } from '../../src/views/cluster.ts';
import type { Room } from '../../src/views/geometry.ts';
import { momentAt } from '../../src/views/moment.ts';
import { slotsAt } from '../../src/views/slots.ts';

export interface Played {
  readonly engine: Engine;
  readonly book: PictureBook;
  readonly beats: readonly Beat[];
  readonly bootRows: number;
  readonly end: number;
}

export function played(manifest: string, workers = 3): Played {
  const engine = createEngine({ topology: { workers } });
  boot(engine);
  const bootRows = engine.trace.length;
  command(engine, { do: 'kubectl', args: ['apply', '-f', '-'], stdin: manifest });
  settle(engine, engine.world.now + 90_000_000);
  const book = openBook(Array.from({ length: engine.trace.length }, (_, i) => engine.trace.event(i)));
  return { engine, book, beats: beatsOf(book.events, bootRows), bootRows, end: book.events.length };
}

export const sceneAt = ({ book, beats }: Pick<Played, 'book' | 'beats'>, row: number, room: Room = { w: 1280, h: 495 }): Scene =>
  sceneOf({ picture: pictureAt(book, row), moment: momentAt(book, beats, row), slots: slotsAt(book, row, trayPlaces(room)), room });
/** The row after the first beat that says so. */
export function rowOf({ beats, end }: Played, says: string): number {
  return beats.find((b) => b.fact.says === says)?.to ?? end;
}
