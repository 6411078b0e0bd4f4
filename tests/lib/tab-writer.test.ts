/** Elastic columns. Source: the documentation and tests of Go's text/tabwriter (minwidth 0, padding 2). */
import { expect, it } from 'vitest';
import { tabbed } from '../../src/lib/tab-writer.ts';

it('a column is as wide as its widest cell', () => expect(tabbed('a\tb\nlong\tc\n')).toBe('a     b\nlong  c\n'));
it('a line without the cell ends the column', () => expect(tabbed('Name:\tx\nplain\nLonger:\ty\n')).toBe('Name:  x\nplain\nLonger:  y\n'));
it('an empty cell carries the column on', () => expect(tabbed('Labels:\ta=b\n\tc=d\n')).toBe('Labels:  a=b\n         c=d\n'));
it('the last cell of a line is left alone', () => expect(tabbed('a \tb \n')).toBe('a   b \n'));
