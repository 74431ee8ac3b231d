// Mercurius on fastify and pg, written by hand: one statement per level through its loaders, compiled queries (JIT).
// It reads the plain schema (bench/plain.sql). Run: DB=postgres://… node mercurius.cjs PORT
const Fastify = require('fastify');
const mercurius = require('mercurius');
const { Client, Pool } = require('pg');

const pool = new Pool({ connectionString: process.env.DB, max: 16, options: '-c search_path=plain -c jit=off' });
const ask = async (name, text, values) => (await pool.query({ name, text, values })).rows;

const schema = `
type Person { name: String! }
type Money { amount: String! currency: String! }
type Milestone { id: Int! name: String! due: String! }
type Initiative { id: Int! name: String! description: String stage: String! standing: String! businessUnit: String!
    revision: Int! owner: Person! estimatedValue: Money! milestones(first: Int = 3): [Milestone!]! }
type Program { id: Int! name: String! initiatives: [Initiative!]! }
type Portfolio { id: Int! name: String! programs: [Program!]! }
type Objective { id: Int! name: String! portfolios: [Portfolio!]! }
type Step { stage: String! measures: Int! plan: String! outlook: String! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
type Edge { cursor: String! node: Initiative! }
type Page { totalCount: Int! edges: [Edge!]! pageInfo: PageInfo! }
type Change { id: Int! name: String! description: String stage: String! standing: String! businessUnit: String!
    revision: Int! ownerName: String! amount: String! currency: String! }
type Query { initiative(id: Int!): Initiative objective(id: Int!): Objective funnel(objective: Int): [Step!]!
    initiatives(stage: String!, first: Int = 50): Page! }
type Subscription { changed(id: Int!): Change! }`;

const INITIATIVE = `i.id, i.name, i.description, i.stage, i.standing, i.business_unit AS "businessUnit", i.revision,
    i.estimated, i.currency, i.owner_id, i.value`;
const FUNNEL = `SELECT i.stage, COUNT(DISTINCT i.id)::int AS measures, SUM(v.plan) AS plan,
    SUM(COALESCE(v.actual, v.forecast, v.plan)) AS outlook FROM month_value v JOIN initiative i ON i.id = v.initiative_id
    WHERE i.standing = 'ACTIVE' GROUP BY i.stage`;

const below = (name, sql) => async (queries) => {
    const ids = queries.map((each) => each.obj.id);
    const found = new Map(ids.map((id) => [id, []]));
    for (const row of await ask(name, sql, [ids])) found.get(row.parent).push(row);
    return ids.map((id) => found.get(id));
};
const page = async (_, { stage, first }) => {
    const [count, rows] = await Promise.all([
        ask('count', 'SELECT COUNT(*)::int AS n FROM initiative WHERE stage = $1', [stage]),
        ask('page', `SELECT ${INITIATIVE} FROM initiative i WHERE stage = $1 ORDER BY value DESC, id LIMIT $2`,
            [stage, first + 1]),
    ]);
    const edges = rows.slice(0, first).map((row) => ({ cursor: `${row.value}:${row.id}`, node: row }));
    return {
        totalCount: count[0].n,
        edges,
        pageInfo: { hasNextPage: rows.length > first, endCursor: edges.length ? edges.at(-1).cursor : null },
    };
};
const resolvers = {
    Query: {
        initiative: async (_, { id }) => (await ask('one', `SELECT ${INITIATIVE} FROM initiative i WHERE id = $1`, [id]))[0],
        objective: async (_, { id }) => (await ask('top', 'SELECT id, name FROM objective WHERE id = $1', [id]))[0],
        funnel: () => ask('funnel', FUNNEL, []),
        initiatives: page,
    },
    Initiative: { estimatedValue: (row) => ({ amount: row.estimated, currency: row.currency }) },
    Subscription: { changed: { subscribe: (_, { id }, { pubsub }) => pubsub.subscribe(`changed_${id}`) } },
};
const loaders = {
    Objective: {
        portfolios: below('f', 'SELECT id, name, objective_id AS parent FROM portfolio WHERE objective_id = ANY($1) ORDER BY id'),
    },
    Portfolio: {
        programs: below('p', 'SELECT id, name, portfolio_id AS parent FROM program WHERE portfolio_id = ANY($1) ORDER BY id'),
    },
    Program: {
        initiatives: below('i', `SELECT ${INITIATIVE}, i.program_id AS parent FROM initiative i
            WHERE program_id = ANY($1) ORDER BY id`),
    },
    Initiative: {
        owner: async (queries) => {
            const ids = [...new Set(queries.map((each) => each.obj.owner_id))];
            const rows = await ask('w', 'SELECT id, name FROM person WHERE id = ANY($1)', [ids]);
            const found = new Map(rows.map((row) => [row.id, row]));
            return queries.map((each) => found.get(each.obj.owner_id));
        },
        milestones: async (queries) => {
            const ids = queries.map((each) => each.obj.id);
            const found = new Map(ids.map((id) => [id, []]));
            const sql = `SELECT m.id, m.name, m.due::text AS due, m.initiative_id AS parent
                FROM unnest($1::int[]) AS k(id) CROSS JOIN LATERAL
                    (SELECT * FROM milestone WHERE initiative_id = k.id ORDER BY due, id LIMIT $2) m ORDER BY m.due, m.id`;
            for (const row of await ask('m', sql, [ids, queries[0].params.first])) found.get(row.parent).push(row);
            return ids.map((id) => found.get(id));
        },
    },
};

const main = async () => {
    const app = Fastify({ keepAliveTimeout: 75000 });
    app.register(mercurius, { schema, resolvers, loaders, jit: 1, subscription: {} });
    await app.ready();
    const client = new Client({ connectionString: process.env.DB });
    await client.connect();
    client.on('notification', (told) => {
        const changed = JSON.parse(told.payload);
        app.graphql.pubsub.publish({ topic: `changed_${changed.id}`, payload: { changed } });
    });
    await client.query('LISTEN initiative_changed');
    await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
};

main();
