/** Lessons: what to look at, questions that the run itself answers. One key goes on: N. */
import { useEffect, useState } from 'react';
import { findBeat, type Lesson } from '../../lessons/lesson.ts';
import { lessons } from '../../lessons/registry.ts';
import { pictureAt } from '../../story/picture.ts';
import { openWorker, useStore } from '../app/store.ts';
import { openDraft } from '../editor/drafts.ts';
import { goTo, playTo } from '../transport/playback.ts';
import css from './lessons.module.css';

interface Progress { readonly lesson: Lesson; readonly at: number; readonly chosen: number | undefined; /** Set while a command's consequences are awaited. */ readonly isActing: boolean; readonly row: number; /** Where the last act began. */ readonly since: number }

export default function Lessons() {
  const [progress, setProgress] = useState<Progress>();
  const { beats, book, status, isBusy, generation } = useStore();
  const step = progress?.lesson.steps[progress.at];

  /** Starts on a fresh cluster, so that a lesson never gets stuck on what was there before. */
  const start = (lesson: Lesson): void => {
    openWorker(undefined, lesson.topology);
    openDraft(`${lesson.id}.yaml`, lesson.manifest);
    setProgress({ lesson, at: -1, chosen: undefined, isActing: false, row: 0, since: 0 });
  };

  /** Takes the step at an index: does what it does, or shows its beat. */
  const take = (p: Progress, at: number): void => {
    const next = p.lesson.steps[at];
    if (!next) { setProgress(undefined); return; }
    const { events, row, act } = useStore.getState();
    const command = next.act?.(pictureAt(useStore.getState().book, events.length));
    if (command) {
      goTo(events.length);
      useStore.setState({ row: events.length });
      setProgress({ ...p, at, chosen: undefined, isActing: true, row: events.length, since: events.length });
      act(command);
      return;
    }
    setProgress({ ...p, at, chosen: undefined, isActing: false, row });
    show(p.lesson, at, row, p.since);
  };

  const show = (lesson: Lesson, at: number, row: number, since: number): void => {
    const all = useStore.getState().beats;
    const found = findBeat(all, lesson.steps[at], row, since);
    if (found >= 0) playTo(all[found].from, all[found].to);
  };

  useEffect(() => {
    if (!progress || isBusy || status !== 'ready') return;
    if (progress.at < 0) { take(progress, 0); return; }
    if (!progress.isActing) return;
    useStore.setState({ isPlaying: false });
    setProgress({ ...progress, isActing: false });
    if (progress.lesson.steps[progress.at].says) show(progress.lesson, progress.at, progress.row, progress.since); else goTo(progress.row);
    // oxlint-disable-next-line react/exhaustive-deps -- runs when the worker has answered
  }, [isBusy, status, generation]);

  if (!progress || !step) {
    return (
      <div className={css.list}>
        <p>Each lesson runs on a fresh cluster. You can leave at any time.</p>
        {lessons.map((lesson) => <button type="button" key={lesson.id} onClick={() => start(lesson)}><b>{lesson.title}</b><span>{lesson.steps.length} steps · about {lesson.minutes} minutes</span></button>)}
      </div>
    );
  }
  const picture = pictureAt(book, useStore.getState().row);
  const options = step.question?.options(beats, progress.row, picture) ?? [];
  const right = step.question?.answer(beats, progress.row, picture) ?? -1;
  return (
    <section className={css.step} aria-label={progress.lesson.title} data-testid="lesson">
      <h2>{progress.lesson.title}</h2>
      <p className={css.count}>step {progress.at + 1} of {progress.lesson.steps.length}</p>
      <p className={css.tell}>{step.tell}</p>
      {step.question && (
        <fieldset>
          <legend>{step.question.ask}</legend>
          {options.map((option, i) => <button type="button" key={option} disabled={progress.chosen !== undefined} data-verdict={progress.chosen === undefined ? undefined : i === right ? 'right' : i === progress.chosen ? 'wrong' : undefined} onClick={() => setProgress({ ...progress, chosen: i })}>{progress.chosen === undefined ? '' : i === right ? '✓ ' : i === progress.chosen ? '✗ ' : ''}{option}</button>)}
          {progress.chosen !== undefined && <p role="status">{progress.chosen === right ? 'Right. ' : `It is: ${options[right] ?? 'decided by the run'}. `}{step.question.because}</p>}
        </fieldset>
      )}
      <div className={css.foot}>
        <button type="button" onClick={() => setProgress(undefined)}>Leave</button>
        <button type="button" className={css.next} disabled={isBusy || status !== 'ready'} onClick={() => take(progress, progress.at + 1)} data-testid="lesson-next">{progress.at + 1 === progress.lesson.steps.length ? 'Finish' : step.question && progress.chosen === undefined ? 'Skip' : 'Next'}</button>
      </div>
    </section>
  );
}
