// PostGraphile 5 (Amber preset) on grafserv for Node, one process; subscriptions by LISTEN and NOTIFY.
// It reads the plain schema (bench/plain.sql). Run: DB=postgres://… node postgraphile.cjs PORT   (Node 22 or newer)
const { createServer } = require('node:http');
const { postgraphile } = require('postgraphile');
const { makePgService } = require('postgraphile/adaptors/pg');
const { context, listen } = require('postgraphile/grafast');
const { grafserv } = require('postgraphile/grafserv/node');
const { PostGraphileAmberPreset } = require('postgraphile/presets/amber');
const { extendSchema, gql } = require('postgraphile/utils');
const { jsonParse } = require('postgraphile/@dataplan/json');

const port = Number(process.argv[2]);
const live = extendSchema({
    typeDefs: gql`
        type Change { id: Int name: String description: String stage: String standing: String businessUnit: String
            revision: Int ownerName: String amount: String currency: String }
        extend type Subscription { changed(id: Int!): Change }`,
    objects: {
        Subscription: {
            plans: {
                changed: {
                    subscribePlan: () => listen(context().get('pgSubscriber'), 'initiative_changed', jsonParse),
                    plan: (event) => event,
                },
            },
        },
    },
});
const preset = {
    extends: [PostGraphileAmberPreset],
    plugins: [live],
    pgServices: [
        makePgService({ connectionString: process.env.DB, schemas: ['plain'], pubsub: true, poolConfig: { max: 16 } }),
    ],
    schema: { defaultBehavior: '+connection +list' },
    grafserv: { port, host: '127.0.0.1', websockets: true, graphqlPath: '/graphql', graphiql: false, watch: false },
    grafast: { explain: false },
};

const main = async () => {
    const server = createServer({ keepAliveTimeout: 75000 });
    server.on('error', (error) => {
        console.error(error);
        process.exit(1);
    });
    await postgraphile(preset).createServ(grafserv).addTo(server);
    server.listen(port, '127.0.0.1');
};

main();
