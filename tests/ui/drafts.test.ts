/** Files are added, renamed, closed and brought back; no text is lost, whatever the browser's storage does. */
import { describe, expect, it } from 'vitest';
import {
  activeOf,
  added,
  closed,
  edited,
  freeName,
  listOf,
  merged,
  opened,
  renamed,
  reopened,
  selected,
} from '../../src/ui/editor/draft-list.ts';
import { loadDrafts, saveDrafts } from '../../src/ui/editor/draft-storage.ts';

const names = (list: { readonly files: readonly { readonly name: string }[] }): readonly string[] => list.files.map((f) => f.name);
const web = listOf('web.yaml', 'a: 1');

function memory(room = Number.POSITIVE_INFINITY) {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    removeItem: (key: string) => void kept.delete(key),
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

describe('the list of files', () => {
  it('adds, selects and renames; two files never have one name', () => {
    const two = added(web);
    expect([names(two), activeOf(two).text]).toEqual([['web.yaml', 'untitled.yaml'], '']);
    expect(names(renamed(two, two.active, 'web.yaml'))).toEqual(['web.yaml', 'web-2.yaml']);
    expect(names(renamed(two, two.active, '  '))).toEqual(['web.yaml', 'untitled.yaml']);
    expect(selected(two, '1').active).toBe('1');
    expect(freeName(two, 'noending')).toBe('noending');
  });
  it('opens an example beside what is there, and finds it again', () => {
    const two = opened(web, 'web.yaml', 'b: 2');
    expect([names(two), activeOf(two).text]).toEqual([['web.yaml', 'web-2.yaml'], 'b: 2']);
    expect(opened(selected(two, '1'), 'web.yaml', 'b: 2').active).toBe(two.active);
    expect(names(opened(edited(two, two.active, 'b: 3'), 'web.yaml', 'b: 2'))).toEqual(['web.yaml', 'web-2.yaml', 'web-3.yaml']);
  });
  it('takes over what another window wrote, and keeps what only it has', () => {
    const here = edited(added(web), '2', 'mine');
    const there = opened(edited(web, '1', 'a: 2'), 'x.yaml', 'theirs');
    expect(merged({ ...here, files: here.files.map((f) => (f.id === '2' ? { ...f, id: '9' } : f)), active: '9' }, there)).toMatchObject({
      active: '9',
      files: [
        { id: '1', text: 'a: 2' },
        { id: '9', text: 'mine' },
        { id: '2', text: 'theirs' },
      ],
    });
  });
  it('closes with undo, in its place, and never to nothing', () => {
    const three = added(added(web));
    const two = closed(selected(three, '2'), '2');
    expect([two.active, reopened(two).files.map((f) => f.id), reopened(two).active]).toEqual(['3', ['1', '2', '3'], '2']);
    const none = closed(web, '1');
    expect([names(none), activeOf(none).text]).toEqual([['untitled.yaml'], '']);
    expect([names(reopened(none)), activeOf(reopened(none)).text]).toEqual([['web.yaml'], 'a: 1']);
    expect(reopened(reopened(two)).files).toHaveLength(3);
    expect(reopened(web)).toBe(web);
  });
});

describe('kept in the browser', () => {
  it('comes back as it was', () => {
    const store = memory();
    const list = edited(added(web), '2', 'b: 2');
    expect(saveDrafts(store, list, undefined)).toBe(true);
    expect(loadDrafts(store)).toEqual(list);
    saveDrafts(store, closed(list, '1'), list);
    expect([loadDrafts(store)?.files.length, store.kept.has('orrery/draft/1')]).toEqual([1, false]);
  });
  it('says when there is no room, and keeps the rest', () => {
    const store = memory(100);
    expect(saveDrafts(store, edited(added(web), '2', 'x'.repeat(200)), undefined)).toBe(false);
    expect(loadDrafts(store)?.files.map((f) => f.text)).toEqual(['a: 1']);
  });
  it.each(['', '{', 'null', '[]', '{"files":[null,{"id":1}]}', '{"files":[{"id":"9","name":"gone.yaml"}]}'])(
    'survives a damaged index: %s',
    (raw) => {
      const store = memory();
      store.setItem('orrery/drafts', raw);
      expect(loadDrafts(store)).toBeUndefined();
      store.setItem('orrery/draft/3', 'kind: Pod');
      expect(loadDrafts(store)?.files).toEqual([{ id: '3', name: 'recovered-3.yaml', text: 'kind: Pod' }]);
    },
  );
  it('takes over the one text of earlier versions', () => {
    const store = memory();
    store.setItem('orrery/manifest', 'kind: Pod');
    expect(loadDrafts(store)?.files.map((f) => f.text)).toEqual(['kind: Pod']);
  });
});
