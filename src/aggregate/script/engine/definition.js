  // What the definition says, read by the host once the script has run.
  const found = {
    __proto__: null, form: '', all: false, streams: [], categories: [], byStream: false, partition: undefined,
    types: [], handlers: [], created: [], transforms: [], filters: [], init: undefined, initShared: undefined, any: undefined, deleted: undefined,
    allEvents: true, biState: false, includeLinks: false, reorderEvents: false, processingLag: 0, resultStream: undefined,
    outputState: false,
  };
  const text = (value, name) => {
    if (typeof value !== 'string') throw new TypeError(`${name}: a string is expected`);
    return value;
  };
  const handler = (value, name) => {
    if (typeof value !== 'function') throw new TypeError(`${name}: a function is expected`);
    return value;
  };

  const addHandler = (name, value) => {
    if (name === '$init') found.init = value;
    else if (name === '$initShared') { found.initShared = value; found.biState = true; }
    else if (name === '$any') { found.any = value; found.allEvents = true; }
    else if (name === '$created') append(found.created, value);
    else if (name === '$deleted') {
      if (found.biState) throw new Error('Cannot handle deletes in bi-state projections');
      found.deleted = value;
    } else {
      found.allEvents = false;
      for (let i = 0; i < found.types.length; i++) {
        if (found.types[i] === name) throw new Error(`An item with the same key has already been added. Key: ${name}`);
      }
      append(found.types, name);
      append(found.handlers, value);
    }
  };

  const chain = {};
  const steps = {
    __proto__: null,
    when(handlers) {
      if (isObject(handlers)) {
        const names = ownKeys(handlers);
        for (let i = 0; i < names.length; i++) {
          if (typeof names[i] !== 'string') continue;
          const { value } = getOwnPropertyDescriptor(handlers, names[i]);
          if (typeof value === 'function') addHandler(names[i], value);
        }
      }
    },
    partitionBy(value) { found.partition = handler(value, 'partitionBy'); },
    foreachStream() { found.byStream = true; },
    outputState() { found.outputState = true; },
    transformBy(value) { append(found.transforms, handler(value, 'transformBy')); append(found.filters, false); },
    filterBy(value) { append(found.transforms, handler(value, 'filterBy')); append(found.filters, true); },
    outputTo(...names) {
      if (names.length !== 1 && names.length !== 2) throw new Error('invalid number of parameters');
      found.resultStream = text(names[0], 'resultStream');
      if (names.length === 2) text(names[1], 'partitionResultStreamPattern');
    },
    $defines_state_transform() { found.outputState = true; },
  };
  const output = ['transformBy', 'filterBy', 'outputTo'];
  const allowed = {
    __proto__: null,
    fromStream: ['when', 'partitionBy', 'outputState'],
    fromStreams: ['when', 'partitionBy', 'outputState'],
    fromAll: ['when', 'partitionBy', 'outputState', 'foreachStream'],
    fromCategory: ['when', 'partitionBy', 'outputState', 'foreachStream'],
    when: ['transformBy', 'filterBy', 'outputState', 'outputTo', '$defines_state_transform'],
    foreachStream: ['when'],
    partitionBy: ['when'],
    outputState: output,
    transformBy: ['transformBy', 'filterBy', 'outputState', 'outputTo'],
    filterBy: ['transformBy', 'filterBy', 'outputState', 'outputTo'],
    outputTo: [],
    $defines_state_transform: [],
  };
  // After each step only what may follow it is there.
  const restrict = (state) => {
    found.form = 'projection';
    const names = ownKeys(steps);
    for (let i = 0; i < names.length; i++) {
      const name = names[i];
      let permitted = false;
      for (let k = 0; k < allowed[state].length; k++) permitted = permitted || allowed[state][k] === name;
      define(chain, name, permitted
        ? function (...values) { apply(steps[name], undefined, values); if (name !== '$defines_state_transform') { restrict(name); return chain; } }
        : function () { throw new TypeError(`Property '${name}' of object is not a function`); });
    }
    return chain;
  };

  const flag = (name) => (value) => {
    if (typeof value !== 'boolean') throw new Error('Invalid value');
    found[name] = value;
  };
  const options = {
    __proto__: null,
    $includelinks: flag('includeLinks'),
    reorderevents: flag('reorderEvents'),
    bistate: flag('biState'),
    processinglag(value) { if (typeof value !== 'number') throw new Error('Invalid value'); found.processingLag = value; },
    resultstreamname(value) { if (typeof value !== 'string') throw new Error('Invalid value'); found.resultStream = value; },
  };
  const lower = String.prototype.toLowerCase;
  const each = (values, add) => { for (let i = 0; i < values.length; i++) add(values[i]); };
  const categories = (...names) => {
    if (names.length === 0) return chain;
    const list = names.length === 1 && isArray(names[0]) ? names[0] : names;
    if (names.length === 1 && list === names) append(found.categories, text(names[0], 'category'));
    else each(list, (name) => append(found.streams, '$ce-' + text(name, 'categories')));
    return restrict('fromCategory');
  };
  const definitions = {
    __proto__: null,
    options(given) {
      if (!isObject(given)) return;
      each(ownKeys(given), (name) => {
        const set = options[apply(lower, String(name), [])];
        if (set === undefined) throw new Error(`Unrecognized option: ${String(name)}`);
        set(getOwnPropertyDescriptor(given, name).value);
      });
    },
    fromStream(name) { append(found.streams, text(name, 'stream')); return restrict('fromStream'); },
    fromCategory: categories,
    fromCategories: categories,
    fromAll() { found.all = true; return restrict('fromAll'); },
    fromStreams(...names) {
      each(isArray(names[0]) ? names[0] : names, (name) => append(found.streams, text(name, 'streams')));
      return restrict('fromStreams');
    },
    on_event(name, value) { addHandler(text(name, 'eventName'), handler(value, 'eventHandler')); },
    on_any(value) { addHandler('$any', handler(value, 'eventHandler')); },
    aggregate(given) {
      if (found.form !== '') throw new Error('A file defines one projection or one aggregate');
      if (!isObject(given)) throw new TypeError('aggregate({ category, initial, when, … }) expects an object');
      found.form = 'aggregate';
      found.aggregate = given;
    },
  };
  each(ownKeys(definitions), (name) => define(global, name, definitions[name]));

  // What a handler may call while it runs.
  const wellFormed = String.prototype.toWellFormed;
  const { trunc } = Math;
  const line = (value) => apply(wellFormed, String(value), []);
  const name = (value, parameter) => {
    if (typeof value !== 'string') throw new TypeError(`${parameter}: a string is expected`);
    const well = apply(wellFormed, value, []);
    if (host.blank(well)) throw new TypeError(`${parameter}: the string is empty`);
    return well;
  };
  const object = (value, parameter) => {
    if (!isObject(value)) throw new TypeError(`${parameter}: an object is expected`);
    return value;
  };
  const extra = (values, at, parameter) => (values.length > at ? host.json(object(values[at], parameter)) : undefined);
  const running = {
    __proto__: null,
    emit(...values) {
      if (values.length < 3) throw new Error('invalid number of parameters');
      const [stream, type] = [name(values[0], 'streamId'), name(values[1], 'eventName')];
      host.emit(stream, type, true, host.json(object(values[2], 'eventBody')), extra(values, 3, 'metadata'));
    },
    linkTo(...values) {
      if (values.length !== 2 && values.length !== 3) throw new Error('wrong number of parameters');
      const [stream, event] = [name(values[0], 'streamId'), object(values[1], 'event')];
      const { sequenceNumber, streamId } = event;
      if (typeof sequenceNumber !== 'number' || typeof streamId !== 'string') {
        throw new Error(`Invalid link to event ${sequenceNumber}@${streamId}`);
      }
      host.emit(stream, '$>', false, line(`${trunc(sequenceNumber)}@${streamId}`), extra(values, 2, 'metaData'));
    },
    linkStreamTo(...values) {
      host.emit(name(values[0], 'streamId'), '$@', false, name(values[1], 'linkedStreamId'), extra(values, 2, 'metaData'));
    },
    copyTo() {},
  };
  running.emitStreamEvent = running.emit;
  defineProperty(global, 'log', data(function log(...values) {
    if (values.length === 0) return;
    let told = '';
    each(values, (value) => { told += (told === '' ? '' : ' ,') + (isObject(value) ? host.json(value) : line(value)); });
    host.log(told);
  }, false, false, false));

  const stop = (tell) => (reason, field) => {
    tell(line(reason), field === undefined ? undefined : line(field));
    throw new Error(line(reason));
  };
  const deciding = {
    __proto__: null,
    problem: stop(host.problem),
    refuse: stop(host.refuse),
    event(type, value) { return { type: name(type, 'type'), data: value }; },
  };

  const accessor = (object) => {
    const names = ownKeys(object);
    for (let i = 0; i < names.length; i++) {
      if (getOwnPropertyDescriptor(object, names[i]).value !== undefined) continue;
      const { get, set } = getOwnPropertyDescriptor(object, names[i]);
      if (get !== undefined || set !== undefined) return String(names[i]);
    }
    return undefined;
  };

  return {
    __proto__: null,
    found,
    eventPrototype,
    objectPrototype,
    arrayPrototype: Array.prototype,
    accessor,
    quote: (value) => stringify(value),
    // What the server writes of an event that stands in a state.
    complete(event) {
      each(['body', 'metadata', 'linkMetadata'], (part) => { try { event[part]; } catch { own(event, part, undefined); } });
    },
    // The definition is over: its functions go, those of a running handler come.
    seal() {
      each(ownKeys(definitions), (part) => { delete global[part]; });
      const there = found.form === 'aggregate' ? deciding : running;
      each(ownKeys(there), (part) => { if (getOwnPropertyDescriptor(global, part) === undefined || there === running) define(global, part, there[part]); });
      record();
    },
    tampered,
  };
})
