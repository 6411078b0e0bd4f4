/**
 * A Map from text to frozen values whose copies share what was there when they were made: a copy costs what has changed since the last one, not what
 * there is. Below lies a Map that nobody changes any more; above it what was set since, with `undefined` for what was deleted.
 * It iterates as a Map does: in the order in which keys came, and a key that comes back stands last.
 */
export class LayeredMap<V> {
  #below: ReadonlyMap<string, V> = NOTHING;
  #above = new Map<string, V | undefined>();
  #deleted = 0;
  size = 0;

  /** Over a Map that nobody changes any more, and that others may share. */
  static over<V>(below: ReadonlyMap<string, V>): LayeredMap<V> {
    const map = new LayeredMap<V>();
    map.#below = below;
    map.size = below.size;
    return map;
  }

  /** All entries in a Map that nobody may change: the one that lies below, when there is nothing above it. */
  whole(): ReadonlyMap<string, V> {
    return this.#above.size === 0 ? this.#below : new Map(this.entries());
  }

  get(key: string): V | undefined {
    const value = this.#above.get(key);
    if (value !== undefined) return value;
    return this.#deleted > 0 && this.#above.has(key) ? undefined : this.#below.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    if (this.#above.get(key) === undefined) {
      if (this.#deleted > 0 && this.#above.has(key)) this.#settle();
      if (!this.#below.has(key)) this.size++;
    }
    this.#above.set(key, value);
  }

  delete(key: string): boolean {
    if (!this.has(key)) return false;
    this.size--;
    if (this.#below.has(key)) {
      this.#above.set(key, undefined);
      this.#deleted++;
    } else this.#above.delete(key);
    return true;
  }

  clear(): void {
    this.#below = NOTHING;
    this.#above.clear();
    this.size = this.#deleted = 0;
  }

  forEach(visit: (value: V, key: string) => void): void {
    const above = this.#above;
    if (above.size === 0) {
      this.#below.forEach(visit);
      return;
    }
    if (this.#below.size > 0)
      this.#below.forEach((value, key) => {
        const now = above.get(key);
        if (now !== undefined) visit(now, key);
        else if (this.#deleted === 0 || !above.has(key)) visit(value, key);
      });
    above.forEach((value, key) => {
      if (value !== undefined && !this.#below.has(key)) visit(value, key);
    });
  }

  entries(): readonly (readonly [string, V])[] {
    const all: (readonly [string, V])[] = [];
    this.forEach((value, key) => {
      all.push([key, value]);
    });
    return all;
  }

  keys(): readonly string[] {
    const all: string[] = [];
    this.forEach((_, key) => {
      all.push(key);
    });
    return all;
  }

  values(): readonly V[] {
    const all: V[] = [];
    this.forEach((value) => {
      all.push(value);
    });
    return all;
  }

  [Symbol.iterator](): Iterator<readonly [string, V]> {
    return this.entries()[Symbol.iterator]();
  }

  copy(): LayeredMap<V> {
    if (this.#above.size * 4 > this.#below.size) this.#settle();
    const copy = new LayeredMap<V>();
    copy.#below = this.#below;
    copy.#above = new Map(this.#above);
    copy.#deleted = this.#deleted;
    copy.size = this.size;
    return copy;
  }

  /** Makes both layers one; says the same as before. */
  #settle(): void {
    if (this.#above.size === 0) return;
    const all = new Map<string, V>();
    this.forEach((value, key) => {
      all.set(key, value);
    });
    this.#below = all;
    this.#above = new Map();
    this.#deleted = 0;
  }
}

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();
