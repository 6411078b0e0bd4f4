/** Lessons: what to look at, questions that the run itself answers. One key goes on: N, or a presenter's PageDown. */
import { lessons } from '../../lessons/registry.ts';
import type { Question } from '../../lessons/lesson.ts';
import { pictureAt } from '../../story/picture.ts';
import { useFields, useStore } from '../app/store.ts';
import { choose, leaveLesson, nextStep, startLesson, stepBefore, takeUp, useLesson, type Progress } from './lesson-run.ts';
import css from './lessons.module.css';

const minutesText = (steps: number, minutes: number): string => `${steps} steps · about ${minutes} minutes`;

function List() {
  const { aside, seen } = useLesson();
  const next = lessons.find(({ title }) => !seen.has(title));
  return (
    <div className={css.list}>
      <p>
        {seen.size === 0
          ? 'Each lesson runs on a fresh cluster. You can leave at any time.'
          : `${seen.size} of ${lessons.length} lessons seen.${next ? ` Next: ${next.title}.` : ' That was all of them.'} The last one’s cluster is still there to try things out.`}
      </p>
      {aside && (
        <button type="button" className={css.back} onClick={() => takeUp(aside)}>
          <b>Back to your own cluster</b>
          <span>as it was before the lesson</span>
        </button>
      )}
      {lessons.map((lesson) => (
        <button type="button" key={lesson.id} onClick={() => startLesson(lesson)}>
          <b>
            {seen.has(lesson.title) ? '✓ ' : ''}
            {lesson.title}
          </b>
          {lesson.about}
          <span>{minutesText(lesson.steps.length, lesson.minutes)}</span>
        </button>
      ))}
    </div>
  );
}

function Ask({ question, progress }: { readonly question: Question; readonly progress: Progress }) {
  const { beats, book, row } = useStore();
  const picture = pictureAt(book, row);
  const options = question.options(beats, progress.row, picture);
  const right = question.answer(beats, progress.row, picture);
  const { chosen } = progress;
  const verdict = (i: number): 'right' | 'wrong' | undefined =>
    chosen === undefined ? undefined : i === right ? 'right' : i === chosen ? 'wrong' : undefined;
  return (
    <fieldset>
      <legend>{question.ask}</legend>
      {options.map((option, i) => (
        <button type="button" key={option} disabled={chosen !== undefined} data-verdict={verdict(i)} onClick={() => choose(i)}>
          {verdict(i) === 'right' ? '✓ ' : verdict(i) === 'wrong' ? '✗ ' : ''}
          {option}
        </button>
      ))}
      {chosen !== undefined && (
        <p role="status" ref={(said) => said?.scrollIntoView({ block: 'nearest' })}>
          {chosen === right ? 'Right. ' : `It is: ${options[right] ?? 'decided by the run'}. `}
          {question.because}
        </p>
      )}
    </fieldset>
  );
}

export default function Lessons() {
  const { status, isBusy } = useFields('status', 'isBusy');
  const progress = useLesson((s) => s.progress);
  const step = progress?.lesson.steps[progress.at];
  if (!progress) return <List />;
  if (!step)
    return (
      <section className={css.step}>
        <h2>{progress.lesson.title}</h2>
        <p role="status">A fresh cluster is starting …</p>
      </section>
    );
  const { steps, title } = progress.lesson;
  const isWaiting = isBusy || status !== 'ready';
  return (
    <section className={css.step} aria-label={title} data-testid="lesson">
      <h2>{title}</h2>
      <p className={css.count}>
        step {progress.at + 1} of {steps.length}
      </p>
      <p className={css.tell} aria-live="polite">
        {step.tell}
      </p>
      {step.question && <Ask question={step.question} progress={progress} />}
      <div className={css.foot}>
        <button type="button" onClick={leaveLesson}>
          Leave
        </button>
        <button type="button" onClick={stepBefore} disabled={progress.at <= 0 || isWaiting}>
          Back
        </button>
        <button type="button" className={css.next} disabled={isWaiting} onClick={nextStep} data-testid="lesson-next" title="N, or PageDown">
          {progress.at + 1 === steps.length ? 'Finish' : step.question && progress.chosen === undefined ? 'Skip' : 'Next'}
        </button>
      </div>
    </section>
  );
}
