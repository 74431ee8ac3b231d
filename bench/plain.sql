-- The same facts as a plain schema, as a developer would lay it out who needs no history, no rights and no ledger: what
-- the peers and the raw statements read. Small integer keys, amounts as numeric, every index that their questions want.
DROP SCHEMA IF EXISTS plain CASCADE;
CREATE SCHEMA plain;

CREATE TABLE plain.person AS
    SELECT row_number() OVER (ORDER BY id)::int AS id, name, id AS was FROM public.person;
CREATE TABLE plain.objective AS
    SELECT row_number() OVER (ORDER BY id)::int AS id, name, id AS was FROM public.node WHERE level = 'OBJECTIVE';
CREATE TABLE plain.portfolio AS
    SELECT row_number() OVER (ORDER BY n.id)::int AS id, up.id AS objective_id, n.name, n.id AS was
    FROM public.node n JOIN plain.objective up ON up.was = n.parent_id;
CREATE TABLE plain.program AS
    SELECT row_number() OVER (ORDER BY n.id)::int AS id, up.id AS portfolio_id, n.name, n.id AS was
    FROM public.node n JOIN plain.portfolio up ON up.was = n.parent_id;
CREATE TABLE plain.initiative AS
    SELECT row_number() OVER (ORDER BY n.id)::int AS id, up.id AS program_id, n.name, n.description, n.stage, n.standing,
           n.business_unit, p.id AS owner_id, (n.estimated_units / 100.0)::numeric(18,2) AS estimated,
           n.estimated_currency AS currency, n.revision::int AS revision,
           0::numeric(18,2) AS value, n.id AS was
    FROM public.node n JOIN plain.program up ON up.was = n.parent_id JOIN plain.person p ON p.was = n.owner_id;
CREATE TABLE plain.milestone AS
    SELECT row_number() OVER (ORDER BY m.id)::int AS id, i.id AS initiative_id, m.name, m.due
    FROM public.milestone m JOIN plain.initiative i ON i.was = m.node_id;
CREATE TABLE plain.month_value AS
    SELECT row_number() OVER (ORDER BY v.row)::int AS id, i.id AS initiative_id, l.kind, v.month,
           (v.plan / 100.0)::numeric(18,2) AS plan, (v.forecast / 100.0)::numeric(18,2) AS forecast,
           (v.actual / 100.0)::numeric(18,2) AS actual
    FROM public.month_value v JOIN public.value_line l ON l.id = v.line_id JOIN plain.initiative i ON i.was = l.node_id;
UPDATE plain.initiative i SET value = v.plan
    FROM (SELECT initiative_id, SUM(plan) AS plan FROM plain.month_value GROUP BY 1) v WHERE v.initiative_id = i.id;

ALTER TABLE plain.person ADD PRIMARY KEY (id);
ALTER TABLE plain.objective ADD PRIMARY KEY (id);
ALTER TABLE plain.portfolio ADD PRIMARY KEY (id), ADD FOREIGN KEY (objective_id) REFERENCES plain.objective;
ALTER TABLE plain.program ADD PRIMARY KEY (id), ADD FOREIGN KEY (portfolio_id) REFERENCES plain.portfolio;
ALTER TABLE plain.initiative ADD PRIMARY KEY (id), ADD FOREIGN KEY (program_id) REFERENCES plain.program,
    ADD FOREIGN KEY (owner_id) REFERENCES plain.person;
ALTER TABLE plain.milestone ADD PRIMARY KEY (id), ADD FOREIGN KEY (initiative_id) REFERENCES plain.initiative;
ALTER TABLE plain.month_value ADD PRIMARY KEY (id), ADD FOREIGN KEY (initiative_id) REFERENCES plain.initiative;
CREATE INDEX ON plain.portfolio (objective_id);
CREATE INDEX ON plain.program (portfolio_id);
CREATE INDEX ON plain.initiative (program_id);
CREATE INDEX ON plain.initiative (stage, value DESC, id);
CREATE INDEX ON plain.initiative (owner_id);
CREATE INDEX ON plain.milestone (initiative_id, due);
CREATE INDEX ON plain.month_value (initiative_id);

-- What a roll-up by stage comes to, for the whole and for each objective (id 0: the whole): the limit of reading it.
CREATE TABLE plain.kept AS
    SELECT COALESCE(f.objective_id, 0) AS objective_id, i.stage, COUNT(DISTINCT i.id)::int AS measures,
           SUM(v.plan) AS plan, SUM(COALESCE(v.actual, v.forecast, v.plan)) AS outlook
    FROM plain.portfolio f JOIN plain.program p ON p.portfolio_id = f.id JOIN plain.initiative i ON i.program_id = p.id
    JOIN plain.month_value v ON v.initiative_id = i.id WHERE i.standing = 'ACTIVE'
    GROUP BY GROUPING SETS ((i.stage), (f.objective_id, i.stage));
ALTER TABLE plain.kept ADD PRIMARY KEY (objective_id, stage);

-- Each committed change is announced with its whole payload: every peer gets the same event from the same commit.
CREATE FUNCTION plain.announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('initiative_changed', json_build_object('id', NEW.id, 'programId', NEW.program_id, 'name', NEW.name,
        'description', NEW.description, 'stage', NEW.stage, 'standing', NEW.standing, 'businessUnit', NEW.business_unit,
        'revision', NEW.revision, 'ownerName', (SELECT name FROM plain.person WHERE id = NEW.owner_id),
        'amount', NEW.estimated::text, 'currency', NEW.currency)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER announce AFTER UPDATE ON plain.initiative FOR EACH ROW
    WHEN (OLD.description IS DISTINCT FROM NEW.description) EXECUTE FUNCTION plain.announce();
ALTER TABLE plain.person DROP COLUMN was;
ALTER TABLE plain.objective DROP COLUMN was;
ALTER TABLE plain.portfolio DROP COLUMN was;
ALTER TABLE plain.program DROP COLUMN was;

-- The same sums as a function, for a peer that makes its questions from the schema.
CREATE TYPE plain.step AS (stage text, measures int, plan numeric, outlook numeric);
CREATE FUNCTION plain.by_stage() RETURNS SETOF plain.step LANGUAGE sql STABLE AS $$
    SELECT i.stage, COUNT(DISTINCT i.id)::int, SUM(v.plan), SUM(COALESCE(v.actual, v.forecast, v.plan))
    FROM plain.month_value v JOIN plain.initiative i ON i.id = v.initiative_id
    WHERE i.standing = 'ACTIVE' GROUP BY i.stage $$;
