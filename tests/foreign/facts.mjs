// What facts.md says beyond the public cases: asked in the recorder's words, answers in facts.json read through by hand.
import { basic, increasing, NIL_ID, onStream, onType, sleep, I64_MAX, U64_MAX } from './conformance/lib.mjs';

export default [
  // 2.1
  {
    name: 'b5 exact beyond the end',
    async run(t) {
      const s = await t.stream('abc');
      return [await t.append(s, 7, t.evs('d')), await t.append(s, BigInt(I64_MAX), t.evs('e'))];
    },
  },
  {
    name: 'b10 metadata only stream',
    async run(t) {
      const out = {};
      for (const e of ['any', 'no_stream', 'stream_exists', 0]) {
        const s = t.s();
        await t.setMeta(s, { x: 1 });
        out[e] = [await t.append(s, e, t.evs('a')), await t.read(s)];
      }
      return out;
    },
  },
  {
    name: 'b12 zero events elsewhere',
    async run(t) {
      const s = await t.stream('abc');
      const d = await t.deleted('def');
      const z = t.s();
      return {
        any: await t.append(s, 'any'),
        no: await t.append(s, 'no_stream'),
        ex: await t.append(s, 'stream_exists'),
        e2: await t.append(s, 2),
        e1: await t.append(s, 1),
        e9: await t.append(s, 9),
        read: await t.read(s),
        del_ex: await t.append(d, 'stream_exists'),
        del: await t.append(d, 'any'),
        dread: await t.read(d, { compat: 1 }),
        dmeta: await t.meta(d),
        z_ex: await t.append(z, 'stream_exists'),
        z0: await t.append(z, 0),
        zno: await t.append(z, 'no_stream'),
        zread: await t.read(z),
        zdel: await t.del(z),
      };
    },
  },
  {
    name: 'b22 no stream identifier',
    async run(t) {
      return {
        none: await t.appendRaw([{ options: { any: {} } }, { proposed_message: t.ev('a') }]),
        twice: await t.appendRaw([
          { options: { stream_identifier: { stream_name: Buffer.from(t.s()) }, any: {} } },
          { options: { stream_identifier: { stream_name: Buffer.from(t.s()) }, any: {} } },
        ]),
        empty: await t.appendRaw([{}]),
        dd: await t.append('$$', 'any', t.evs('a')),
      };
    },
  },
  {
    name: 'b15 nil id, no id, empty type, bad id',
    async run(t) {
      const s = t.s();
      return [
        await t.append(s, 'any', [t.ev('a', { id: NIL_ID })]),
        await t.append(s, 'any', [t.ev('a', { id: null })]),
        await t.append(s, 'any', [t.ev('a', { type: '' })]),
        await t.append(s, 'any', [{ ...t.ev('a'), id: { string: 'zzz' } }]),
        await t.append(s, 'any', [t.ev('q', { ct: '' })]),
        await t.read(s, { fields: ['ct'] }),
      ];
    },
  },
  {
    name: 'b16 structured and upper ids',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', [t.ev('a', { form: 'structured' })]);
      const up = t.ev('b');
      up.id.string = up.id.string.toUpperCase();
      await t.append(s, 'any', [up]);
      return t.read(s);
    },
  },
  {
    name: 'b26 other metadata keys dropped',
    async run(t) {
      const s = t.s();
      const e = t.ev('a');
      e.metadata.foo = 'bar';
      e.metadata.created = '5';
      await t.append(s, 'any', [e]);
      const r = (await t.read(s)).events[0].event.metadata;
      return [Object.keys(r).sort(), r.created === '5'];
    },
  },
  {
    name: 'b27 names',
    async run(t) {
      const out = [];
      for (const n of ['a b', 'ü/€@x', '😀', 'x'.repeat(3000), '-', '@', '\n']) {
        const s = t.s(n);
        out.push(await t.append(s, 'any', t.evs('a')), (await t.read(s)).outcome);
      }
      return out;
    },
  },
  {
    name: 'b28 same id twice in one append',
    async run(t) {
      const s = t.s();
      return [
        await t.append(s, 'any', [t.ev('a'), t.ev('a')]),
        await t.append(s, 'any', t.evs('a')),
        await t.append(s, 'any', [t.ev('a'), t.ev('a')]),
        await t.read(s),
      ];
    },
  },
  // 2.2
  {
    name: 'c3 any prefix',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', t.evs('abc'));
      return [
        await t.append(s, 'any', t.evs('ab')),
        await t.append(s, 'any', t.evs('bc')),
        await t.append(s, 'any', t.evs('c')),
        await t.append(s, 'stream_exists', t.evs('b')),
        await t.read(s),
      ];
    },
  },
  {
    name: 'c4 any first known later not',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', t.evs('ab'));
      return [await t.append(s, 'any', t.evs('abc')), await t.append(s, 'stream_exists', t.evs('ax')), await t.read(s)];
    },
  },
  {
    name: 'c5 any first unknown later known',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', t.evs('ab'));
      return [await t.append(s, 'any', t.evs('xa')), await t.read(s)];
    },
  },
  {
    name: 'c6 gaps',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', t.evs('abcd'));
      return [
        await t.append(s, 'any', t.evs('ac')),
        await t.append(s, 'any', t.evs('ad')),
        await t.append(s, 'any', t.evs('ba')),
        await t.append(s, 'any', t.evs('ca')),
      ];
    },
  },
  {
    name: 'c7 exact strong',
    async run(t) {
      const s = await t.stream('abcd', { one: true });
      return [
        await t.append(s, 0, t.evs('b')),
        await t.append(s, 0, t.evs('bc')),
        await t.append(s, 0, t.evs('bcd')),
        await t.append(s, 0, t.evs('bcde')),
        await t.append(s, 0, t.evs('bx')),
        await t.append(s, 0, t.evs('xb')),
        await t.append(s, 0, t.evs('c')),
        await t.append(s, 3, t.evs('d')),
        await t.append(s, 9, t.evs('d')),
        await t.read(s),
      ];
    },
  },
  {
    name: 'c8 nostream strong',
    async run(t) {
      const s = await t.stream('abcd', { one: true });
      return [
        await t.append(s, 'no_stream', t.evs('a')),
        await t.append(s, 'no_stream', t.evs('abcd')),
        await t.append(s, 'no_stream', t.evs('abcde')),
        await t.append(s, 'no_stream', t.evs('b')),
        await t.append(s, 'no_stream', t.evs('ax')),
      ];
    },
  },
  {
    name: 'c10 other data same id',
    async run(t) {
      const s = t.s();
      await t.append(s, 'any', t.evs('a'));
      return [
        await t.append(s, 'any', t.evs('a', { data: 'other', type: 'U' })),
        await t.read(s, { fields: ['data'] }),
      ];
    },
  },
  {
    name: 'c12 on a deleted stream',
    async run(t) {
      const [s, s2, s3, s4] = [
        await t.deleted(),
        await t.deleted('def'),
        await t.deleted('ghi'),
        await t.deleted('jkl'),
      ];
      return [
        await t.append(s, 'any', t.evs('a')),
        await t.append(s2, 'no_stream', t.evs('d')),
        await t.append(s3, 0, t.evs('h')),
        await t.append(s4, 'no_stream', t.evs('jx')),
        await t.append(s4, 0, t.evs('x')),
        await t.append(s4, 7, t.evs('y')),
        await t.read(s),
        await t.read(s2),
        await t.read(s3),
        await t.read(s4),
      ];
    },
  },
  {
    name: 'c15 truncated any',
    async run(t) {
      const s = await t.stream('abc');
      await t.setMeta(s, { $tb: 2 });
      return [
        await t.append(s, 'any', t.evs('a')),
        await t.append(s, 'any', t.evs('c')),
        await t.append(s, 0, t.evs('b')),
        await t.append(s, 1, t.evs('c')),
      ];
    },
  },
  // D
  {
    name: 'd3 any stream_exists exact',
    async run(t) {
      const s = await t.stream('a');
      const b = t
        .batch()
        .send('B', s, 'any', t.evs('b'))
        .send('C', s, 'stream_exists', t.evs('c'))
        .send('D', s, 2, t.evs('d'))
        .send('E', s, 'any', [])
        .send('F', t.s(), 'any', []);
      return b.answers(5);
    },
  },
  {
    name: 'd4 expected missing',
    async run(t) {
      const b = t
        .batch()
        .send('A', t.s(), undefined, t.evs('a'))
        .send('B', '', 'any', t.evs('b'))
        .send('C', '$$', 'any', t.evs('c'))
        .send('D', t.s(), 'any', [t.ev('d', { type: '' })])
        .send('E', t.s(), 'any', [t.ev('e', { id: null })])
        .send('F', t.s(), 'any', [t.ev('f', { type: null })]);
      return b.answers(6);
    },
  },
  {
    name: 'd9 parts time out',
    async run(t) {
      const s = t.s();
      const b = t.batch().send('A', s, 'any', t.evs('a'), { final: false });
      await b.answers(1, 5000);
      const r = await t.read(s);
      return {
        a: await b.send('A', s, undefined, t.evs('b'), { options: false }).answers(2, 1000),
        r,
        after: await t.read(s),
      };
    },
  },
  {
    name: 'd12 unknown continuation is ignored',
    async run(t) {
      const s = t.s();
      const b = t.batch().send('A', s, undefined, t.evs('a'), { options: false }).send('B', s, 'any', t.evs('b'));
      return [await b.answers(1), await t.read(s)];
    },
  },
  {
    name: 'd15 second options ignored',
    async run(t) {
      const [s, s2] = [t.s(), t.s()];
      const b = t.batch().send('A', s, 'any', t.evs('a'), { final: false }).send('A', s2, 7, t.evs('b'));
      return [await b.answers(1), await t.read(s), await t.read(s2)];
    },
  },
  {
    name: 'd16 bad continuation',
    async run(t) {
      const s = t.s();
      const b = t
        .batch()
        .send('A', s, 'any', t.evs('a'), { final: false })
        .send('A', s, undefined, [t.ev('b', { ct: null })], { options: false, final: false })
        .send('A', s, undefined, t.evs('c'), { options: false })
        .send('B', s, 'any', t.evs('d'));
      return [await b.answers(2), await t.read(s)];
    },
  },
  {
    name: 'd17 soft deleted',
    async run(t) {
      const s = await t.deleted();
      const b = t
        .batch()
        .send('A', s, 'stream_exists', t.evs('x'))
        .send('B', s, 5, t.evs('y'))
        .send('C', s, 'no_stream', t.evs('z'));
      return [await b.answers(3), await t.read(s)];
    },
  },
  {
    name: 'd18 idempotent batch',
    async run(t) {
      const s = t.s();
      const b = t
        .batch()
        .send('A', s, 'no_stream', t.evs('ab'))
        .send('B', s, 'no_stream', t.evs('ab'))
        .send('C', s, 'no_stream', t.evs('abc'))
        .send('D', s, 'any', t.evs('ab'));
      return b.answers(4);
    },
  },
  {
    name: 'd19 negative deadline',
    async run(t) {
      return t
        .batch()
        .send('A', t.s(), 'any', t.evs('a'), { raw: { deadline: { seconds: -5 } } })
        .answers(1);
    },
  },
  {
    name: 'd20 all',
    async run(t) {
      return t.batch().send('A', '$all', 'any', t.evs('a')).answers(1);
    },
  },
  {
    name: 'd21 more pending appends than a call may have',
    async run(t) {
      const b = t.batch();
      for (let i = 0; i < 1025; i++) b.send(`p${i}`, t.s(`p${i}`), 'any', [], { final: false });
      const [busy, ...more] = await b.answers(1, 1500);
      return { busy: busy?.reply.error, late: more.every((a) => a.outcome === 'DEADLINE_EXCEEDED') };
    },
  },
  // E
  {
    name: 'e5 backwards exact and beyond',
    async run(t) {
      const s = await t.stream('abcde');
      return [
        await t.read(s, { back: true, from: 3, count: 2, compat: 1 }),
        await t.read(s, { back: true, from: 99, count: 2 }),
        await t.read(s, { back: true, from: U64_MAX, count: 2 }),
        await t.read(s, { back: true, from: 0 }),
      ];
    },
  },
  {
    name: 'e8 beyond',
    async run(t) {
      const s = await t.stream('abc');
      return [
        await t.read(s, { from: 10, compat: 1 }),
        await t.read(s, { from: 3, compat: 1 }),
        await t.read(s, { from: 4, compat: 1 }),
        await t.read(s, { from: 'end', compat: 1 }),
        await t.read(s, { from: U64_MAX }),
        await t.read(s, { from: '9223372036854775808' }),
        await t.read(s, { from: I64_MAX, compat: 1 }),
        await t.read(s, { back: true, from: '9223372036854775808' }),
        await t.read(s, { count: U64_MAX }),
      ];
    },
  },
  {
    name: 'e9 tb 20',
    async run(t) {
      const s = await t.filled(40);
      await t.setMeta(s, { $tb: 20 });
      const brief = (r) => r.items.map((i) => (i.kind === 'event' ? i.original.rev : [i.kind, i.value]));
      return [
        brief(await t.read(s, { from: 0, count: 10, compat: 1 })),
        brief(await t.read(s, { from: 0, count: 100, compat: 1 })),
        brief(await t.read(s, { from: 0, count: 20, compat: 1 })),
        brief(await t.read(s, { from: 5, count: 3, compat: 1 })),
        brief(await t.read(s, { back: true, from: 25, count: 100, compat: 1 })),
        brief(await t.read(s, { back: true, from: 19, compat: 1 })),
        brief(await t.read(s, { back: true, from: 'start', compat: 1 })),
      ];
    },
  },
  {
    name: 'e12 all hidden',
    async run(t) {
      const s = await t.stream('abc');
      await t.setMeta(s, { $tb: 3 });
      const s2 = await t.stream('def');
      await t.setMeta(s2, { $tb: 50 });
      return [
        await t.read(s, { compat: 1 }),
        await t.read(s, { compat: 1, back: true }),
        await t.read(s),
        await t.read(s2, { compat: 1 }),
        await t.append(s, 'any', t.evs('x')),
        await t.read(s, { compat: 1 }),
        await t.append(s2, 'any', t.evs('y')),
        await t.read(s2, { compat: 1 }),
      ];
    },
  },
  {
    name: 'e14 max count and tb',
    async run(t) {
      const s = await t.filled(10);
      await t.setMeta(s, { $maxCount: 5, $tb: 7 });
      const a = (await t.read(s)).revs;
      await t.setMeta(s, { $maxCount: 2, $tb: 3 });
      const b = (await t.read(s)).revs;
      await t.setMeta(s, { $maxCount: 0, $tb: -1, $maxAge: -3, $cacheControl: 0 });
      const c = (await t.read(s)).revs;
      return [a, b, c];
    },
  },
  {
    name: 'e15 metadata all or nothing',
    async run(t) {
      const out = [];
      for (const m of [
        '{"$tb":2,"$maxCount":1.5}',
        '{"$tb":2,"$maxCount":null}',
        '{"$tb":2,"$acl":"$userStreamAcl"}',
        '{"$tb":2,"$acl":{"$x":"a"}}',
        '{"$tb":2,"$tmp":1}',
        '{"$tb":2,"$maxAge":99999999999999999999}',
        '{"$tb":2,"foo":{"$x":[1.5]}}',
        '{"$tb":"2"}',
        'nope',
        '[]',
        '{"$tb":2,"$acl":{"$r":["a","b"],"$w":"c"}}',
        '{"$tb":2,"$acl":{"$r":5}}',
        '{"$tb":2.0}',
        '',
        '{"$tb":2}x',
        '{"$tb":1,"$tb":2}',
        '{"$tb":2,"$acl":null}',
        '{"$tb":2,"$cacheControl":"x"}',
        '{"$tb":true}',
      ]) {
        const s = await t.stream('abc');
        await t.setMeta(s, m);
        out.push([m, (await t.read(s)).revs]);
      }
      return out;
    },
  },
  {
    name: 'e22 links',
    async run(t) {
      const s = await t.stream('abc');
      const d = await t.deleted('def');
      const tr = await t.stream('ghi');
      await t.setMeta(tr, { $tb: 2 });
      const to = await t.tombstoned('jkl');
      const l = t.s();
      const link = (n, x) => t.ev(n, { type: '$>', data: x });
      await t.append(l, 'any', [
        link('1', `1@${s}`),
        link('2', `0@${d}`),
        link('3', `0@${tr}`),
        link('4', `2@${tr}`),
        link('5', `0@${to}`),
        link('6', `0@nosuch`),
        link('7', 'garbage'),
        link('8', `99@${s}`),
        link('9', `-1@${s}`),
        link('A', `x@${s}`),
        link('B', `@${s}`),
        link('C', `1@`),
        link('D', `0@${l}`),
        link('E', `9223372036854775807@${to}`),
        link('F', `0@$$${d}`),
        link('G', ` 1@${s}`),
        t.ev('H'),
      ]);
      return {
        plain: await t.read(l, { count: 2 }),
        links: await t.read(l, { links: true }),
        pos: (await t.read(l, { links: true, count: 1 })).events.map((e) => e.pos === e.link.commit),
        all: await t.readAll({ from: await t.origin(l), filter: onStream({ prefix: [l] }), links: true, count: 3 }),
        type: (await t.readAll({ from: await t.origin(l), filter: onType({ prefix: ['$>'] }), links: true, count: 2 }))
          .ids,
      };
    },
  },
  {
    name: 'e24 metadata of metadata',
    async run(t) {
      const s = await t.stream('abc');
      await t.setMeta(s, { a: 1 });
      await t.setMeta(`$$${s}`, { $tb: I64_MAX });
      return [
        await t.read(`$$${s}`, { fields: ['json'] }),
        await t.append(`$$$$${s}`, 'any', [t.ev('q', { type: '$metadata', data: `{"$tb":${I64_MAX}}` })]),
        await t.read(`$$${s}`, { fields: ['json'] }),
        await t.read(s),
      ];
    },
  },
  {
    name: 'e25 metadata compat',
    async run(t) {
      const s = t.s();
      for (const x of [1, 2, 3]) await t.setMeta(s, { x });
      return [
        await t.read(`$$${s}`, { compat: 1, fields: ['json'] }),
        await t.read(`$$${s}`, { compat: 1, from: 0, count: 1 }),
        await t.read(`$$${s}`, { compat: 1, from: 1, count: 10 }),
        await t.read(`$$nosuch${s}`),
      ];
    },
  },
  {
    name: 'e26 missing options',
    async run(t) {
      const s = await t.stream('a');
      const calls = {
        uuid: t.read(s, { raw: { uuid_option: undefined } }),
        uuid_empty: t.read(s, { raw: { uuid_option: {} } }),
        rev: t.read(s, { raw: { stream: { stream_identifier: { stream_name: Buffer.from(s) } } } }),
        all: t.readAll({ raw: { all: {} } }),
        noname: t.read(s, { raw: { stream: { start: {} } } }),
        emptyname: t.read('', {}),
        dd: t.read('$$', {}),
        max0: t.readAll({ filter: { ...onStream({ prefix: [s] }), max: 0 } }),
        subnone: t.sub(s, { raw: { stream: { stream_identifier: { stream_name: Buffer.from(s) } } } }).closed(2000),
      };
      return Object.fromEntries(await Promise.all(Object.entries(calls).map(async ([k, r]) => [k, (await r).outcome])));
    },
  },
  {
    name: 'e27 max age 0 later',
    async run(t) {
      const s = await t.stream('ab');
      await t.setMeta(s, { $maxAge: 1 });
      await sleep(1500);
      await t.append(s, 'any', t.evs('c'));
      return [
        await t.read(s, { compat: 1 }),
        await t.read(s, { back: true, compat: 1 }),
        await t.append(s, 'no_stream', t.evs('a')),
      ];
    },
  },
  // F
  {
    name: 'f8 metadata on deleted',
    async run(t) {
      const s = await t.deleted();
      return [
        await t.setMeta(s, { a: 1, b: [1, 2] }),
        await t.meta(s, ['data']),
        await t.read(s, { compat: 1 }),
        await t.append(s, 'any', t.evs('x')),
        await t.read(s),
        await t.meta(s, ['data']),
      ];
    },
  },
  {
    name: 'f10 bad metadata on deleted',
    async run(t) {
      const s = await t.deleted();
      return [await t.setMeta(s, 'nope'), await t.meta(s, ['data']), await t.read(s)];
    },
  },
  {
    name: 'f11 del metadata-only',
    async run(t) {
      const [a, b, c, d] = [t.s(), t.s(), t.s(), t.s()];
      for (const s of [a, b, c, d]) await t.setMeta(s, { x: 1 });
      return [
        await t.del(a, 'any'),
        await t.del(b, 'no_stream'),
        await t.del(c, 'stream_exists'),
        await t.del(d, 0),
        await t.read(a),
        await t.append(a, 'stream_exists', t.evs('a')),
        await t.append(a, 'any', t.evs('b')),
        await t.read(a),
        await t.meta(a, ['data']),
      ];
    },
  },
  {
    name: 'f12 own tb max',
    async run(t) {
      const s = await t.stream('abc');
      await t.setMeta(s, `{"x": 1, "$tb": ${I64_MAX}, "y": {"z": 1.50}}`);
      return [
        await t.read(s),
        await t.append(s, 2, t.evs('d')),
        await t.read(s, { compat: 1 }),
        await t.meta(s, ['data']),
      ];
    },
  },
  {
    name: 'f13 delete twice variants',
    async run(t) {
      const s = await t.deleted();
      return [
        await t.del(s, 'no_stream'),
        await t.del(s, 1),
        await t.del(s, 9),
        await t.del(s, 'stream_exists'),
        await t.tomb(s, 1),
        await t.tomb(s, 'stream_exists'),
        await t.tomb(s, 2),
        await t.del(s),
        await t.read(s),
      ];
    },
  },
  {
    name: 'f16 tomb wrong',
    async run(t) {
      const s = await t.stream('abc');
      return [
        await t.tomb(s, 1),
        await t.tomb(s, 'no_stream'),
        await t.del(s, 'no_stream'),
        await t.del(s, 'stream_exists'),
      ];
    },
  },
  {
    name: 'f19 meta of tombstoned',
    async run(t) {
      const s = await t.tombstoned();
      const s2 = t.s();
      await t.tomb(s2);
      return [
        await t.setMeta(s, { x: 1 }),
        await t.read(`$$${s}`),
        await t.sub(`$$${s}`).closed(),
        await t.append(s, 'any', []),
        await t.setMeta(s2, { a: 1 }),
        await t.read(`$$${s2}`),
        await t.read(s2),
      ];
    },
  },
  {
    name: 'f20 zero append revives',
    async run(t) {
      const s = await t.deleted();
      return [await t.append(s, 'no_stream'), await t.read(s, { compat: 1 }), await t.meta(s, ['data'])];
    },
  },
  {
    name: 'f21 delete keeps revisions',
    async run(t) {
      const s = await t.deleted();
      await t.append(s, 'any', t.evs('d'));
      await t.del(s);
      await t.append(s, 'any', t.evs('e'));
      return [await t.read(s, { compat: 1 }), await t.meta(s, ['data']), await t.read(`$$${s}`)];
    },
  },
  // G
  {
    name: 'g2 back exclusive',
    async run(t) {
      const s = await t.stream('abcd');
      const ev = (await t.read(s)).events;
      const f = onStream({ prefix: [s] });
      return [
        (await t.readAll({ back: true, from: ev[2].pos, filter: f })).ids,
        (await t.readAll({ back: true, filter: f, count: 2 })).ids,
      ];
    },
  },
  {
    name: 'g7 regexes',
    async run(t) {
      const s = t.s('reg');
      const types = ['Alpha', 'beta', 'x-1', '$sys', 'AB', 'a.b', 'é', 'tail\n', 'a[b', 'a&&b'];
      for (const [i, ty] of types.entries()) await t.append(s, 'any', [t.ev(`r${i}`, { type: ty })]);
      const from = await t.origin(s);
      const out = {};
      for (const r of [
        '^A',
        '(?i)alpha',
        '(?<=x-)\\d',
        'a(?=\\.)',
        '^[^$].*',
        '\\w+',
        '^[a-z-[b]]',
        '(?<n>a).*',
        'tail$',
        'tail\\z',
        'tail\\Z',
        '[a[]b',
        'a[[]b',
        '^a[&&]',
        '\\p{Lu}',
        '(?x) ^ A  # c',
        '\\u00e9',
        '\\x41',
        'a{',
        'a{,3}',
        '^(?!(\\$.+$|PersistentConfig\\d+$|Result$))',
        "(?'q'b)e",
        '(b)\\1?e',
        '(?>a+)b',
        'A|B$',
        '\\Aa',
        '\\e',
        '.{1000}',
        '',
      ]) {
        const e = await t.readAll({ from, filter: { ...onType({ regex: r }) } });
        out[r] = e.events.length
          ? e.events.filter((x) => x.event?.stream === s).map((x) => types[x.event.rev])
          : e.outcome;
      }
      return out;
    },
  },
  {
    name: 'g8 empty filter',
    async run(t) {
      const s = await t.stream('ab');
      return [
        await t.readAll({ filter: onStream({ prefix: [] }) }),
        (await t.readAll({ from: await t.origin(s), filter: onStream({ prefix: [''] }) })).ids,
        (
          await t.readAll({
            from: await t.origin(s),
            filter: onStream({ prefix: ['nosuch'], regex: s.replace('.', '\\.') }),
          })
        ).ids,
      ];
    },
  },
  {
    name: 'g9 positions',
    async run(t) {
      const s = await t.stream('ab');
      const at = (x, y, o) =>
        t
          .readAll({ raw: { all: { position: { commit_position: x, prepare_position: y } } }, count: 1, ...o })
          .then((r) => [r.events.length + r.foreign, r.outcome]);
      return [
        await at(U64_MAX, U64_MAX),
        await at('9223372036854775808', '5'),
        await at('5', '9'),
        await at('9000000000000000000', '9000000000000000000'),
        await at('9000000000000000000', '9000000000000000000', {
          back: true,
          raw: {
            read_direction: 'Backwards',
            all: { position: { commit_position: '9000000000000000000', prepare_position: '9000000000000000000' } },
          },
        }),
        await at('0', '0'),
      ];
    },
  },
  {
    name: 'g16 no record begins there',
    async run(t) {
      const s = await t.stream('ab');
      const at = (await t.origin(s)) + 1n;
      const f = onStream({ prefix: [s] });
      const sub = await t.subAll({ from: at }).closed(2000);
      return [
        await t.readAll({ from: at }),
        await t.readAll({ from: at, back: true, filter: f }),
        sub,
        (await t.readAll({ from: 1n })).outcome,
      ];
    },
  },
  {
    name: 'g10 count 0',
    async run(t) {
      return [(await t.readAll({ count: 0 })).outcome];
    },
  },
  {
    name: 'g13 window small',
    async run(t) {
      const s = await t.filled(50);
      const f = onStream({ prefix: [s], max: 3 });
      return [
        (await t.readAll({ from: await t.origin(s), filter: f, count: 20 })).ids.length,
        (await t.readAll({ from: await t.origin(s), filter: onStream({ prefix: [s], count: true }), count: 45 })).ids
          .length,
      ];
    },
  },
  {
    name: 'g15 system events in all',
    async run(t) {
      const s = await t.stream('a');
      const from = await t.origin(s);
      await t.setMeta(s, { x: 1 });
      await t.del(s);
      return (await t.readAll({ from })).events.map((e) => [e.event.stream, e.event.type, e.event.rev]);
    },
  },
  // H
  {
    name: 'h3 end',
    async run(t) {
      const s = await t.stream('abc');
      const sub = t.sub(s, { from: 'end', fields: ['caught_up'] });
      await sub.caughtUp();
      await t.append(s, 'any', t.evs('d'));
      await sub.got(1);
      return sub;
    },
  },
  {
    name: 'h8 future',
    async run(t) {
      const s = await t.stream('abc');
      const sub = t.sub(s, { from: 5 });
      await sub.caughtUp();
      await t.append(s, 'any', t.evs('defgh'));
      await sub.got(2);
      return sub;
    },
  },
  {
    name: 'h9 checkpoints in history',
    async run(t) {
      const s = t.s('m');
      for (let i = 0; i < 10; i++) await t.append(i % 2 ? s : t.s('n' + i), 'any', [t.ev(`k${i}`)]);
      const from = await t.origin(s);
      const sub = t.subAll({ from, filter: onStream({ prefix: [s], max: 2, every: 1 }) });
      await sub.caughtUp();
      return [sub.items.map((i) => i.kind), increasing(sub.checkpoints)];
    },
  },
  {
    name: 'h12 live checkpoints',
    async run(t) {
      const s = t.s('m');
      const o = t.s('o');
      await t.append(s, 'any', t.evs('a'));
      const from = await t.origin(s);
      const sub = t.subAll({ from, filter: onStream({ prefix: [s], max: 2, every: 1 }) });
      await sub.caughtUp();
      for (const l of 'bcdef') await t.append(o, 'any', t.evs(l));
      await t.append(s, 'any', t.evs('g'));
      await sub.got(1);
      return [sub.items.map((i) => i.kind), increasing(sub.checkpoints)];
    },
  },
  {
    name: 'h13 tomb while subscribed',
    async run(t) {
      const s = await t.stream('abc');
      const sub = t.sub(s);
      await sub.caughtUp();
      await t.tomb(s);
      return sub.closed();
    },
  },
  {
    name: 'h14 delete while subscribed',
    async run(t) {
      const s = await t.stream('abc');
      const sub = t.sub(s);
      await sub.caughtUp();
      await t.del(s);
      await t.append(s, 'any', t.evs('d'));
      await sub.got(4);
      return sub;
    },
  },
  {
    name: 'h17 deleted stream sub',
    async run(t) {
      const s = await t.deleted();
      const sub = t.sub(s, { fields: ['caught_up'] });
      await sub.caughtUp();
      await t.append(s, 'any', t.evs('d'));
      await sub.got(1);
      return sub;
    },
  },
  {
    name: 'h18 truncated sub',
    async run(t) {
      const s = await t.stream('abcde');
      await t.setMeta(s, { $tb: 3 });
      const sub = t.sub(s);
      await sub.caughtUp();
      return sub;
    },
  },
  {
    name: 'h19 all end and beyond',
    async run(t) {
      const f = onStream({ prefix: [t.prefix], max: 2, every: 1 });
      const a = t.subAll({ from: 'end', filter: f });
      const b = t.subAll({ from: '9000000000000000000', filter: f });
      await a.caughtUp();
      await b.caughtUp();
      return [a, b];
    },
  },
  {
    name: 'h20 all tomb delivered',
    async run(t) {
      const s = await t.stream('a');
      const sub = t.subAll({ from: await t.origin(s), filter: onStream({ prefix: [s] }) });
      await sub.caughtUp();
      await t.tomb(s);
      await sub.got(1);
      return sub;
    },
  },
  {
    name: 'h21 links resolved live',
    async run(t) {
      const s = await t.stream('ab');
      const l = t.s();
      const sub = t.sub(l, { links: true });
      await sub.caughtUp();
      await t.append(l, 'any', [t.ev('1', { type: '$>', data: `1@${s}` }), t.ev('2', { type: '$>', data: `9@${s}` })]);
      await sub.got(2);
      return sub;
    },
  },
  {
    name: 'h22 meta sub',
    async run(t) {
      const s = await t.stream('ab');
      await t.setMeta(s, { x: 1 });
      await t.setMeta(s, { x: 2 });
      const sub = t.sub(`$$${s}`);
      await sub.caughtUp();
      await t.setMeta(s, { x: 3 });
      await sub.got(2);
      return sub;
    },
  },
  {
    name: 'h23 hidden start',
    async run(t) {
      const s = await t.stream('abc');
      await t.setMeta(s, { $maxCount: 1 });
      const sub = t.sub(s);
      await sub.caughtUp();
      await t.append(s, 'any', t.evs('defg'));
      await sub.got(5);
      return sub;
    },
  },
  {
    name: 'h24 sub all bad position',
    async run(t) {
      return [
        await t.subAll({ raw: { all: { position: { commit_position: '5', prepare_position: '9' } } } }).closed(2000),
      ];
    },
  },
  // I
  {
    name: 'b29 a megabyte of dollars is a name',
    async run(t) {
      const s = '$'.repeat(1000000) + t.s();
      return [
        (await t.append(s, 'any', t.evs('a'))).outcome,
        (await t.read(s)).revs,
        (await t.append(t.s(), 'any', t.evs('b'))).outcome,
      ];
    },
  },
  {
    name: 'i14 a read has a deadline, too',
    async run(t) {
      const s = await t.filled(2000);
      for (let i = 0; i < 20; i++)
        await t.append(
          s,
          'any',
          Array.from({ length: 30 }, (_, n) => t.ev(`d${i}-${n}`, { data: Buffer.alloc(30000) })),
        );
      const read = t.subAll({ filter: onStream({ prefix: [s] }), headers: { 'grpc-timeout': '200m' } });
      return (await read.closed(4000)).outcome;
    },
  },
  {
    name: 'i15 acl',
    needs: ['auth'],
    async run(t) {
      const name = t.s('user').replace('.', '');
      t.alias(name, '<user>');
      await t.users('Create', { login_name: name, password: 'Pa55-word!', full_name: 'Facts', groups: ['readers'] });
      const o = { headers: { authorization: basic(name, 'Pa55-word!') } };
      const [s, s2, s3] = [await t.stream('a'), await t.stream('b'), await t.stream('c')];
      await t.setMeta(s, {
        $acl: { $r: ['nobody', 'readers'], $w: '$admins', $d: [], $mr: '$admins', $mw: '$admins' },
      });
      await t.setMeta(s2, { $acl: { $r: '$admins' } });
      const sub = t.sub(s3, o);
      await sub.caughtUp();
      await t.setMeta(s3, { $acl: { $r: '$admins' } });
      await t.append(s3, 'any', t.evs('d'));
      await sub.closed();
      const b = t.batch(o).send('B', s, 'any', t.evs('e'));
      const seen = {
        read: await t.read(s, o),
        write: await t.append(s, 'any', t.evs('e'), o),
        batch: await b.answers(1),
        del: await t.del(s, 'any', o),
        tomb: await t.tomb(s, 'any', o),
        meta: await t.read(`$$${s}`, o),
        other: await t.read(s2, o),
        own: await t.append(s2, 'any', t.evs('f'), o),
        meta2: (await t.read(`$$${s2}`, o)).outcome,
        admin: (await t.read(s2)).outcome,
        sub,
      };
      await t.users('Delete', { login_name: name });
      return { ...seen, gone: (await t.read(s, o)).outcome, again: await t.users('Delete', { login_name: name }) };
    },
  },
  {
    name: 'i17 settings, kept and taken back',
    needs: ['auth', 'restart'],
    timeout: 60000,
    async run(t) {
      const name = t.s('user').replace('.', '');
      await t.users('Create', { login_name: name, password: 'Pa55-word!', full_name: 'Facts', groups: [] });
      const o = { headers: { authorization: basic(name, 'Pa55-word!') } };
      const s = await t.stream('a');
      const say = (acls) => t.append('$settings', 'any', [t.ev(`s${Math.random()}`, { data: JSON.stringify(acls) })]);
      const may = async () => [
        (await t.read(s, o)).outcome,
        (await t.append(s, 'any', [t.ev(`w${Math.random()}`)], o)).outcome,
      ];
      const seen = { before: await may() };
      await say({ $userStreamAcl: { $r: '$all', $w: '$admins' } });
      seen.said = await may();
      await t.restart();
      seen.restarted = await may();
      await say({});
      return { ...seen, after: await may() };
    },
  },
  {
    name: 'i16 users are kept',
    needs: ['auth', 'restart'],
    timeout: 60000,
    async run(t) {
      const name = t.s('user').replace('.', '');
      t.alias(name, '<user>');
      const account = { login_name: name, password: 'Pa55-word!', full_name: 'Facts', groups: ['$admins'] };
      const made = await t.users('Create', account);
      const again = await t.users('Create', account);
      await t.restart();
      const o = { headers: { authorization: basic(name, 'Pa55-word!') } };
      return {
        made,
        again,
        system: (await t.append(`$${t.s()}`, 'any', t.evs('a'), o)).outcome,
        wrong: (await t.read(t.s(), { headers: { authorization: basic(name, 'other') } })).outcome,
        http: [
          (await t.get('/info/options')).status,
          (await t.get('/info/options', { anonymous: true })).status,
          (await t.get('/stats', { anonymous: true })).status,
          (await t.get('/info', { anonymous: true })).status,
        ],
      };
    },
  },
  {
    name: 'i7 lists',
    async run(t) {
      const f = await t.features();
      return f.methods.map((m) => [m.service_name, m.method_name, m.features]);
    },
  },
  {
    name: 'i9 deleting metadata and all',
    async run(t) {
      const s = await t.stream('a');
      return [
        await t.del(`$$${s}`),
        await t.del('$all'),
        await t.append('$all', 'any', t.evs('b')),
        await t.tomb('$all'),
        await t.read('$all'),
        await t.append('$ce-x', 'any', t.evs('c')),
      ];
    },
  },
  {
    name: 'i10 delete without a name',
    async run(t) {
      return [(await t.del('', 'any')).outcome, (await t.tomb('$$', 'any')).outcome];
    },
  },
  {
    name: 'i11 non ascii trailers',
    async run(t) {
      const s = t.s('é');
      await t.append(s, 'any', t.evs('a'));
      await t.tomb(s);
      return [await t.read(s), await t.append(s, 'any', t.evs('b')), await t.del(s, 3)];
    },
  },
  {
    name: 'i12 requires leader',
    async run(t) {
      const s = t.s();
      return [
        await t.append(s, 'any', t.evs('a'), { headers: { 'requires-leader': 'true' } }),
        await t.append(s, 'any', t.evs('b'), { headers: { 'requires-leader': 'False' } }),
        await t.append(s, 'any', t.evs('c'), { headers: { 'requires-leader': 'x' } }),
      ];
    },
  },
  {
    name: 'i13 info',
    async run(t) {
      const r = {};
      for (const p of [
        '/info',
        '/info/options',
        '/stats',
        '/stats/proc',
        '/stats?group=false',
        '/health/live?liveCode=200',
        '/health/ready',
        '/nosuch',
        '/gossip',
        '/',
      ]) {
        const x = await t.get(p);
        r[p] = [x.status, Array.isArray(x.value) ? x.value.length : x.value && Object.keys(x.value)];
      }
      return r;
    },
  },
  // J
  {
    name: 'j6 deletes in ce and et',
    timeout: 30000,
    async run(t) {
      const c = t.prefix.replace(/[^a-z0-9]/g, '');
      t.alias(c, '<c>');
      const [a, b] = [`${c}-1`, `${c}-2`];
      await t.append(a, 'no_stream', t.evs('ab'));
      await t.append(b, 'any', t.evs('c'));
      await t.setMeta(a, { x: 1 });
      await t.del(a);
      await t.tomb(b);
      await t.append(a, 'any', t.evs('d'));
      await t.append(`${c}-l`, 'any', [t.ev('L', { type: '$>', data: `0@${a}` })]);
      const o = { fields: ['data'] };
      const about = (e) => Object.entries(JSON.parse(e.event.meta)).filter(([k]) => !/^\$(v|c|p|causedBy)$/.test(k));
      const et = async (n) =>
        (await t.read(n, { ...o, back: true, count: 50 })).events
          .map((e) => [e.event.type, String(e.event.data)])
          .filter((x) => x[1].includes(c));
      return {
        ce: await t.read(`$ce-${c}`, o),
        about: (await t.read(`$ce-${c}`)).events.map(about),
        res: await t.read(`$ce-${c}`, { ...o, links: true }),
        cat: await t.read(`$category-${c}`, o),
        deleted: await et('$et-$deleted'),
        meta: await et('$et-$metadata'),
        sd: await et('$et-$streamDeleted'),
        streams: await et('$streams'),
        link: await et('$et-$>'),
      };
    },
  },
  {
    name: 'j7 sub to ce',
    timeout: 30000,
    async run(t) {
      const c = t.prefix.replace(/[^a-z0-9]/g, '');
      t.alias(c, '<c>');
      const sub = t.sub(`$ce-${c}`, { links: true, fields: ['caught_up'] });
      await sub.caughtUp();
      await t.append(`${c}-1`, 'no_stream', t.evs('ab'));
      await sub.got(2);
      return [
        sub,
        await t.read(`$ce-${c}`, { compat: 1, from: 1 }),
        await t.read(`$ce-${c}`, { back: true, from: 'end', count: 1, compat: 1 }),
      ];
    },
  },
  {
    name: 'j8 dashes',
    timeout: 30000,
    async run(t) {
      const c = t.prefix.replace(/[^a-z0-9]/g, '');
      t.alias(c, '<c>');
      await t.append(`${c}-`, 'any', t.evs('a'));
      await t.append(`${c}-b-c`, 'any', t.evs('b'));
      await t.append(`-${c}`, 'any', t.evs('c'));
      return [
        await t.read(`$ce-${c}`),
        await t.read(`$category-${c}`, { fields: ['data'] }),
        await t.read('$ce-'),
        await t.read(`$category-`),
      ];
    },
  },
  {
    name: 'j9 recreated not twice in streams',
    timeout: 30000,
    async run(t) {
      const s = await t.deleted();
      await t.append(s, 'any', t.evs('z'));
      const mine = (await t.read('$streams', { fields: ['data'], back: true, count: 50 })).events
        .map((e) => String(e.event.data))
        .filter((x) => x.includes(s));
      return mine;
    },
  },
  {
    name: 'j10 bc',
    timeout: 30000,
    async run(t) {
      const id = `${t.prefix}cor`;
      const s = t.s();
      await t.append(s, 'any', [
        t.ev('a', { meta: JSON.stringify({ $correlationId: id }) }),
        t.ev('b', { meta: `{"$correlationId":"${id}"` }),
        t.ev('c', { meta: JSON.stringify({ $correlationId: 5 }) }),
      ]);
      return [
        await t.read(`$bc-${id}`, { fields: ['data'] }),
        (await t.read('$bc-5', { back: true, count: 1 })).outcome,
      ];
    },
  },
];
