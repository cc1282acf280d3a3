// Runs before a definition: the sandbox, and the functions that define a projection or an aggregate.
// Whatever it needs of the language is taken here first, because the definition can change every prototype.
(function (host) {
  'use strict';
  const { create, defineProperty, getOwnPropertyDescriptor, getPrototypeOf, prototype: objectPrototype } = Object;
  const { ownKeys, construct, apply } = Reflect;
  const { isArray } = Array;
  const { parse, stringify } = JSON;
  const global = globalThis;

  const data = (value, writable, enumerable, configurable) =>
    ({ __proto__: null, value, writable, enumerable, configurable });
  const define = (target, name, value) => defineProperty(target, name, data(value, true, false, true));
  const append = (list, value) => defineProperty(list, list.length, data(value, true, true, true));
  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  // No code from text.
  const refuseCode = function () { throw new EvalError('Code from text is not allowed in a definition'); };
  for (const sample of [function () {}, function* () {}, async function () {}, async function* () {}]) {
    const prototype = getPrototypeOf(sample);
    const constructor = function Function() { refuseCode(); };
    defineProperty(constructor, 'prototype', data(prototype, false, false, false));
    define(prototype, 'constructor', constructor);
    if (typeof sample === 'function' && prototype === Function.prototype) define(global, 'Function', constructor);
  }
  define(global, 'eval', function () { refuseCode(); });

  // Loops of the engine itself that no interrupt ends: a length without as many elements must not begin one.
  const LONGEST = 1000000;
  const guarded = (prototype, names) => {
    for (const name of names) {
      const original = prototype[name];
      if (typeof original !== 'function') continue;
      define(prototype, name, { [name](...values) {
        if (this !== null && this !== undefined && this.length > LONGEST) {
          throw new RangeError(`${name} of more than ${LONGEST} elements is beyond the limits`);
        }
        return apply(original, this, values);
      } }[name]);
    }
  };
  guarded(Array.prototype, ['indexOf', 'lastIndexOf', 'includes', 'fill', 'join', 'toString', 'toLocaleString', 'reverse',
    'copyWithin', 'concat', 'slice', 'splice', 'shift', 'unshift', 'sort', 'flat', 'toReversed', 'toSorted', 'toSpliced', 'with']);
  guarded(getPrototypeOf(Uint8Array.prototype), ['sort', 'toSorted', 'join', 'toString', 'toLocaleString']);
  // Comparisons of characters that a search may need.
  const MOST_COMPARISONS = 1e9;
  for (const name of ['indexOf', 'lastIndexOf', 'includes', 'split', 'replace', 'replaceAll']) {
    const original = String.prototype[name];
    define(String.prototype, name, { [name](...values) {
      const sought = values[0];
      if (typeof sought === 'string' && typeof this === 'string' && this.length * sought.length > MOST_COMPARISONS) {
        throw new RangeError(`${name} of so long a text is beyond the limits`);
      }
      return apply(original, this, values);
    } }[name]);
  }
  const from = Array.from;
  define(Array, 'from', { from(source, ...rest) {
    if (isObject(source) && source.length > LONGEST) throw new RangeError(`Array.from of more than ${LONGEST} elements is beyond the limits`);
    return apply(from, this, [source, ...rest]);
  } }.from);

  // The clock is the event's, its zone is UTC, and randomness follows from the event's position.
  const NativeDate = Date;
  const { UTC, parse: parseDate } = NativeDate;
  const zoneless = /^\s*[+-]?\d{4,6}-\d\d-\d\dT[\d:.]+\s*$/;
  const test = RegExp.prototype.test;
  const instant = (text) => parseDate(typeof text === 'string' && apply(test, zoneless, [text]) ? text + 'Z' : text);
  const toUTC = NativeDate.prototype.toUTCString;
  const valueOf = NativeDate.prototype.valueOf;
  function SandboxDate(...parts) {
    if (new.target === undefined) return apply(toUTC, new NativeDate(host.now()), []);
    let time = host.now();
    if (parts.length === 1) {
      const part = parts[0];
      if (isObject(part) && getOwnPropertyDescriptor(part, 'valueOf') === undefined && part instanceof NativeDate) time = apply(valueOf, part, []);
      else time = typeof part === 'string' ? instant(part) : +part;
    } else if (parts.length > 1) time = UTC(...parts);
    return construct(NativeDate, [time], new.target);
  }
  SandboxDate.prototype = NativeDate.prototype;
  define(SandboxDate, 'now', function now() { return host.now(); });
  define(SandboxDate, 'UTC', UTC);
  define(SandboxDate, 'parse', function parse(text) { return instant(text); });
  defineProperty(SandboxDate, 'name', data('Date', false, false, true));
  const dates = NativeDate.prototype;
  define(dates, 'constructor', SandboxDate);
  for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds']) {
    define(dates, 'get' + part, dates['getUTC' + part]);
    if (part !== 'Day') define(dates, 'set' + part, dates['setUTC' + part]);
  }
  define(dates, 'getTimezoneOffset', function getTimezoneOffset() { return this.getTime() * 0; });
  for (const name of ['toString', 'toLocaleString']) define(dates, name, toUTC);
  const iso = dates.toISOString;
  const cut = String.prototype.slice;
  for (const name of ['toDateString', 'toLocaleDateString']) define(dates, name, function () { return apply(cut, apply(iso, this, []), [0, -14]); });
  for (const name of ['toTimeString', 'toLocaleTimeString']) define(dates, name, function () { return apply(cut, apply(iso, this, []), [-13, -5]) + ' UTC'; });
  define(global, 'Date', SandboxDate);
  define(Math, 'random', function random() { return host.random(); });
  define(global, 'Intl', {});

  // The event: raw texts are its own, what is parsed of them comes when it is asked for.
  const own = (target, name, value) => defineProperty(target, name, data(value, false, true, false));
  const body = (event) => {
    const raw = event.bodyRaw;
    if (event.isJson !== true || raw === undefined) return undefined;
    const value = raw === null ? null : parse(raw);
    if (!isObject(value) && host.strict()) {
      throw new TypeError(`The body is ${value === null ? 'null' : 'a ' + typeof value}, which the server cannot hand over`);
    }
    own(event, 'body', value);
    own(event, 'data', value);
    return value;
  };
  const metadata = (event, raw, name) => {
    const text = event[raw];
    if (text === undefined) return undefined;
    const value = text === null ? null : parse(text);
    own(event, name, value);
    return value;
  };
  const replace = (event, names, value) => {
    if (isObject(value)) for (const name of names) defineProperty(event, name, data(value, true, true, true));
  };
  // What all scripts share: a handler that changes it would change what the next stream sees.
  const builtIn = [
    global, Object, Array, Function, String, Number, Boolean, Symbol, BigInt, Math, JSON, Date, RegExp, Map, Set, WeakMap, Promise,
    Reflect, Error, TypeError, RangeError,
  ];
  for (const type of [Object, Array, Function, String, Number, Boolean, Symbol, BigInt, Date, RegExp, Map, Set, WeakMap, Promise, Error,
    TypeError, RangeError]) append(builtIn, type.prototype);
  append(builtIn, getPrototypeOf([][Symbol.iterator]()));
  append(builtIn, getPrototypeOf(getPrototypeOf([][Symbol.iterator]())));
  let recorded;
  const record = () => {
    recorded = [];
    for (let i = 0; i < builtIn.length; i++) {
      const [object, names] = [builtIn[i], ownKeys(builtIn[i])];
      const values = [];
      for (let k = 0; k < names.length; k++) {
        const descriptor = getOwnPropertyDescriptor(object, names[k]);
        append(values, descriptor.get === undefined && descriptor.set === undefined ? descriptor.value : builtIn);
      }
      append(recorded, { __proto__: null, object, names, values, parent: getPrototypeOf(object), variables: object === global });
    }
  };
  // The name of a built-in that is not as the definition left it.
  const tampered = () => {
    for (let i = 0; i < recorded.length; i++) {
      const { object, names, values, parent, variables } = recorded[i];
      const found = ownKeys(object);
      if (!variables && (found.length !== names.length || getPrototypeOf(object) !== parent)) return describe(object);
      for (let k = 0; k < names.length; k++) {
        if (!variables && found[k] !== names[k]) return describe(object);
        // Variables of the script's own are not built in.
        if (values[k] === builtIn || (variables && (k >= ownFrom || typeof values[k] !== 'function'))) continue;
        if (object[names[k]] !== values[k] && values[k] === values[k]) return asText(names[k]);
      }
    }
    return undefined;
  };
  const asText = String;
  const ownFrom = ownKeys(global).length;
  const describe = (object) => {
    for (let i = 0; i < builtIn.length; i++) {
      if (typeof builtIn[i] !== 'function') continue;
      if (builtIn[i] === object) return builtIn[i].name;
      if (builtIn[i].prototype === object) return `${builtIn[i].name}.prototype`;
    }
    return 'a built-in object';
  };

  const eventPrototype = create(objectPrototype, {
    __proto__: null,
    body: { __proto__: null, get() { return body(this); }, set(value) { replace(this, ['body', 'data'], value); } },
    data: { __proto__: null, get() { return body(this); }, set() {} },
    metadata: {
      __proto__: null,
      get() { return metadata(this, 'metadataRaw', 'metadata'); },
      set(value) { replace(this, ['metadata'], value); },
    },
    linkMetadata: {
      __proto__: null,
      get() { return metadata(this, 'linkMetadataRaw', 'linkMetadata'); },
      set(value) { replace(this, ['linkMetadata'], value); },
    },
  });
