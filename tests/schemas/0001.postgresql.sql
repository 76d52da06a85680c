SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.activity (
    id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    actor character varying NOT NULL,
    verb character varying NOT NULL,
    sprint_id integer,
    bug_id integer,
    ticket_id integer,
    team_id integer,
    source_id integer,
    detail character varying NOT NULL,
    bugs jsonb NOT NULL
);
CREATE SEQUENCE public.activity_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.activity_id_seq OWNED BY public.activity.id;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_token (
    id integer NOT NULL,
    name character varying NOT NULL,
    token_hash character varying NOT NULL,
    scopes jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);
CREATE SEQUENCE public.api_token_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.api_token_id_seq OWNED BY public.api_token.id;
CREATE TABLE public.area (
    id integer NOT NULL,
    key character varying NOT NULL,
    name character varying NOT NULL,
    team_id integer,
    matches jsonb NOT NULL,
    adjacent jsonb NOT NULL
);
CREATE SEQUENCE public.area_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.area_id_seq OWNED BY public.area.id;
CREATE TABLE public.bug (
    id integer NOT NULL,
    source_id integer NOT NULL,
    external_id character varying NOT NULL,
    key character varying NOT NULL,
    url character varying,
    title character varying NOT NULL,
    text text NOT NULL,
    type character varying,
    status_raw character varying NOT NULL,
    status_category character varying(24) NOT NULL,
    resolution character varying(24),
    priority_raw character varying,
    severity character varying(24),
    labels jsonb NOT NULL,
    components jsonb NOT NULL,
    assignees jsonb NOT NULL,
    reporter character varying,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    visibility character varying(24) NOT NULL,
    duplicate_of_id integer,
    area_id integer,
    CONSTRAINT ck_bug_not_of_itself CHECK (((duplicate_of_id IS NULL) OR (duplicate_of_id <> id)))
);
CREATE SEQUENCE public.bug_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.bug_id_seq OWNED BY public.bug.id;
CREATE TABLE public.bug_name (
    name character varying NOT NULL,
    bug_id integer NOT NULL
);
CREATE TABLE public.bug_score (
    bug_id integer NOT NULL,
    score double precision NOT NULL,
    customers integer NOT NULL,
    tickets integer NOT NULL,
    recent_tickets integer NOT NULL,
    first_report timestamp with time zone,
    last_report timestamp with time zone,
    arr_cents bigint NOT NULL
);
CREATE TABLE public.customer (
    id integer NOT NULL,
    source_id integer NOT NULL,
    external_id character varying NOT NULL,
    kind character varying(24) NOT NULL,
    name character varying NOT NULL,
    tier character varying,
    arr_cents bigint,
    renewal_on date,
    domains jsonb NOT NULL,
    deleted boolean NOT NULL
);
CREATE SEQUENCE public.customer_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.customer_id_seq OWNED BY public.customer.id;
CREATE TABLE public.dead_letter (
    id integer NOT NULL,
    source_id integer NOT NULL,
    stream character varying NOT NULL,
    external_id character varying,
    reason character varying NOT NULL,
    payload text NOT NULL,
    payload_hash character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.dead_letter_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.dead_letter_id_seq OWNED BY public.dead_letter.id;
CREATE TABLE public.job_lease (
    name character varying NOT NULL,
    holder character varying NOT NULL,
    fence integer NOT NULL,
    locked_until timestamp with time zone NOT NULL,
    last_started timestamp with time zone NOT NULL,
    last_finished timestamp with time zone,
    last_result character varying NOT NULL
);
CREATE TABLE public.link (
    id integer NOT NULL,
    ticket_id integer NOT NULL,
    bug_id integer NOT NULL,
    state character varying(24) NOT NULL,
    origin character varying(24) NOT NULL,
    importance integer NOT NULL,
    decided_by character varying,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_link_importance CHECK (((importance >= 1) AND (importance <= 3)))
);
CREATE SEQUENCE public.link_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.link_id_seq OWNED BY public.link.id;
CREATE TABLE public.member (
    id integer NOT NULL,
    team_id integer NOT NULL,
    name character varying NOT NULL,
    email character varying,
    discipline character varying(24) NOT NULL,
    days double precision NOT NULL,
    leave_days double precision NOT NULL,
    lead boolean NOT NULL
);
CREATE SEQUENCE public.member_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.member_id_seq OWNED BY public.member.id;
CREATE TABLE public.mention (
    ticket_id integer NOT NULL,
    name character varying NOT NULL,
    origin character varying(24) NOT NULL
);
CREATE TABLE public.merge (
    id integer NOT NULL,
    bug_id integer NOT NULL,
    into_id integer,
    by character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.merge_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.merge_id_seq OWNED BY public.merge.id;
CREATE TABLE public.plan_mark (
    id integer NOT NULL,
    sprint_id integer NOT NULL,
    bug_id integer NOT NULL,
    pinned_team_id integer,
    declined boolean NOT NULL,
    why character varying NOT NULL,
    by character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.plan_mark_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.plan_mark_id_seq OWNED BY public.plan_mark.id;
CREATE TABLE public.ranking_policy (
    id integer NOT NULL,
    params jsonb NOT NULL,
    saved_by character varying NOT NULL,
    saved_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.ranking_policy_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ranking_policy_id_seq OWNED BY public.ranking_policy.id;
CREATE TABLE public.ranking_snapshot (
    id integer NOT NULL,
    as_of timestamp with time zone NOT NULL,
    policy_id integer NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    data_hash character varying NOT NULL,
    body text NOT NULL
);
CREATE SEQUENCE public.ranking_snapshot_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ranking_snapshot_id_seq OWNED BY public.ranking_snapshot.id;
CREATE TABLE public.ranking_state (
    id integer NOT NULL,
    as_of timestamp with time zone NOT NULL,
    policy_id integer NOT NULL,
    version integer NOT NULL
);
CREATE SEQUENCE public.ranking_state_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ranking_state_id_seq OWNED BY public.ranking_state.id;
CREATE TABLE public.rate_window (
    bucket character varying NOT NULL,
    used jsonb NOT NULL,
    version integer NOT NULL
);
CREATE TABLE public.rating (
    id integer NOT NULL,
    source_id integer NOT NULL,
    system character varying NOT NULL,
    external_id character varying NOT NULL,
    ticket_external_id character varying NOT NULL,
    score character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.rating_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.rating_id_seq OWNED BY public.rating.id;
CREATE TABLE public.sign_in (
    id integer NOT NULL,
    token_hash character varying NOT NULL,
    user_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.sign_in_failure (
    id integer NOT NULL,
    subject character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.sign_in_failure_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sign_in_failure_id_seq OWNED BY public.sign_in_failure.id;
CREATE SEQUENCE public.sign_in_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sign_in_id_seq OWNED BY public.sign_in.id;
CREATE TABLE public.source (
    id integer NOT NULL,
    kind character varying NOT NULL,
    name character varying NOT NULL,
    options jsonb NOT NULL,
    secrets text NOT NULL,
    paused boolean NOT NULL,
    state character varying(24) NOT NULL,
    note character varying NOT NULL,
    added_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    good_at timestamp with time zone
);
CREATE SEQUENCE public.source_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.source_id_seq OWNED BY public.source.id;
CREATE TABLE public.sprint (
    id integer NOT NULL,
    slug character varying NOT NULL,
    name character varying NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    phase character varying(24) NOT NULL,
    choice_share double precision NOT NULL,
    demo boolean NOT NULL,
    snapshot_id integer,
    committed_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT ck_sprint_choice_share CHECK (((choice_share >= (0)::double precision) AND (choice_share <= (0.7)::double precision))),
    CONSTRAINT ck_sprint_dates CHECK ((ends_on >= starts_on))
);
CREATE SEQUENCE public.sprint_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sprint_id_seq OWNED BY public.sprint.id;
CREATE TABLE public.sprint_item (
    id integer NOT NULL,
    sprint_id integer NOT NULL,
    bug_id integer NOT NULL,
    team_id integer,
    lane character varying(24) NOT NULL,
    state character varying(24) NOT NULL,
    frozen_rank integer,
    frozen_score double precision,
    frozen_first_report timestamp with time zone,
    reasons jsonb NOT NULL,
    effort character varying(24),
    added_at timestamp with time zone NOT NULL,
    claimed_by character varying,
    claimed_at timestamp with time zone,
    resolved_at timestamp with time zone,
    version integer NOT NULL,
    CONSTRAINT ck_sprint_item_claimed_by CHECK ((((state)::text <> 'claimed'::text) OR (claimed_by IS NOT NULL)))
);
CREATE SEQUENCE public.sprint_item_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sprint_item_id_seq OWNED BY public.sprint_item.id;
CREATE TABLE public.stale_score (
    bug_id integer NOT NULL
);
CREATE TABLE public.stream (
    source_id integer NOT NULL,
    name character varying NOT NULL,
    "position" text NOT NULL,
    state character varying(24) NOT NULL,
    note character varying NOT NULL,
    read_at timestamp with time zone,
    kept integer NOT NULL
);
CREATE TABLE public.team (
    id integer NOT NULL,
    key character varying NOT NULL,
    name character varying NOT NULL,
    capacity_days double precision,
    focus_factor double precision NOT NULL,
    wip_limit integer,
    CONSTRAINT ck_team_focus_factor CHECK (((focus_factor > (0)::double precision) AND (focus_factor <= (1)::double precision)))
);
CREATE SEQUENCE public.team_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.team_id_seq OWNED BY public.team.id;
CREATE TABLE public.ticket (
    id integer NOT NULL,
    source_id integer NOT NULL,
    external_id character varying NOT NULL,
    url character varying,
    subject character varying NOT NULL,
    text text NOT NULL,
    status character varying(24) NOT NULL,
    priority character varying,
    type character varying,
    tags jsonb NOT NULL,
    own_tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    customer_id integer,
    problem_external_id character varying,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    solved_at timestamp with time zone,
    reopens integer NOT NULL,
    csat character varying,
    csat_system character varying,
    stamp bigint NOT NULL
);
CREATE SEQUENCE public.ticket_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.ticket_id_seq OWNED BY public.ticket.id;
CREATE TABLE public."user" (
    id integer NOT NULL,
    email character varying NOT NULL,
    name character varying NOT NULL,
    role character varying(24) NOT NULL,
    password_hash character varying,
    team_id integer,
    organiser boolean NOT NULL,
    active boolean NOT NULL,
    demo boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.user_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.user_id_seq OWNED BY public."user".id;
ALTER TABLE ONLY public.activity ALTER COLUMN id SET DEFAULT nextval('public.activity_id_seq'::regclass);
ALTER TABLE ONLY public.api_token ALTER COLUMN id SET DEFAULT nextval('public.api_token_id_seq'::regclass);
ALTER TABLE ONLY public.area ALTER COLUMN id SET DEFAULT nextval('public.area_id_seq'::regclass);
ALTER TABLE ONLY public.bug ALTER COLUMN id SET DEFAULT nextval('public.bug_id_seq'::regclass);
ALTER TABLE ONLY public.customer ALTER COLUMN id SET DEFAULT nextval('public.customer_id_seq'::regclass);
ALTER TABLE ONLY public.dead_letter ALTER COLUMN id SET DEFAULT nextval('public.dead_letter_id_seq'::regclass);
ALTER TABLE ONLY public.link ALTER COLUMN id SET DEFAULT nextval('public.link_id_seq'::regclass);
ALTER TABLE ONLY public.member ALTER COLUMN id SET DEFAULT nextval('public.member_id_seq'::regclass);
ALTER TABLE ONLY public.merge ALTER COLUMN id SET DEFAULT nextval('public.merge_id_seq'::regclass);
ALTER TABLE ONLY public.plan_mark ALTER COLUMN id SET DEFAULT nextval('public.plan_mark_id_seq'::regclass);
ALTER TABLE ONLY public.ranking_policy ALTER COLUMN id SET DEFAULT nextval('public.ranking_policy_id_seq'::regclass);
ALTER TABLE ONLY public.ranking_snapshot ALTER COLUMN id SET DEFAULT nextval('public.ranking_snapshot_id_seq'::regclass);
ALTER TABLE ONLY public.ranking_state ALTER COLUMN id SET DEFAULT nextval('public.ranking_state_id_seq'::regclass);
ALTER TABLE ONLY public.rating ALTER COLUMN id SET DEFAULT nextval('public.rating_id_seq'::regclass);
ALTER TABLE ONLY public.sign_in ALTER COLUMN id SET DEFAULT nextval('public.sign_in_id_seq'::regclass);
ALTER TABLE ONLY public.sign_in_failure ALTER COLUMN id SET DEFAULT nextval('public.sign_in_failure_id_seq'::regclass);
ALTER TABLE ONLY public.source ALTER COLUMN id SET DEFAULT nextval('public.source_id_seq'::regclass);
ALTER TABLE ONLY public.sprint ALTER COLUMN id SET DEFAULT nextval('public.sprint_id_seq'::regclass);
ALTER TABLE ONLY public.sprint_item ALTER COLUMN id SET DEFAULT nextval('public.sprint_item_id_seq'::regclass);
ALTER TABLE ONLY public.team ALTER COLUMN id SET DEFAULT nextval('public.team_id_seq'::regclass);
ALTER TABLE ONLY public.ticket ALTER COLUMN id SET DEFAULT nextval('public.ticket_id_seq'::regclass);
ALTER TABLE ONLY public."user" ALTER COLUMN id SET DEFAULT nextval('public.user_id_seq'::regclass);
INSERT INTO public.activity VALUES (1, '2026-01-05 09:00:00+00', 'Ana Admin', 'signed_in', NULL, NULL, NULL, NULL, NULL, '', '[]');
INSERT INTO public.activity VALUES (2, '2026-01-05 09:00:00+00', 'command', 'token_created', NULL, NULL, NULL, NULL, NULL, 'reports', '[]');
INSERT INTO public.activity VALUES (3, '2026-01-05 09:00:00+00', 'test', 'ranked', NULL, NULL, NULL, NULL, NULL, '3 bugs', '[]');
INSERT INTO public.activity VALUES (4, '2026-01-05 09:00:00+00', 'Ana Admin', 'sprint_made', 1, NULL, NULL, NULL, NULL, 'Spring 2026', '[]');
INSERT INTO public.activity VALUES (5, '2026-01-05 10:00:00+00', 'Ana Admin', 'committed', 1, NULL, NULL, NULL, NULL, '3 bugs for 1 teams', '[]');
INSERT INTO public.activity VALUES (6, '2026-01-05 12:00:00+00', 'Ana Admin', 'claimed', 1, 1, NULL, 1, NULL, 'Payments', '[]');
INSERT INTO public.activity VALUES (7, '2026-01-05 13:00:00+00', 'Ana Admin', 'released_claim', 1, 1, NULL, 1, NULL, '', '[]');
INSERT INTO public.activity VALUES (8, '2026-01-05 14:00:00+00', 'Zoë Ünal', 'claimed', 1, 1, NULL, 1, NULL, 'Payments', '[]');
INSERT INTO public.activity VALUES (9, '2026-01-05 15:00:00+00', 'Zoë Ünal', 'tagged', NULL, NULL, 8, NULL, NULL, '+vip', '[]');
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.api_token VALUES (1, 'reports', '9d03b7c749dec8241c8d031e4b52c7caebcf162299a0b0819a0e1c06779bf9fc', '["board.read"]', '2026-01-05 09:00:00+00', '2027-01-05 09:00:00+00', NULL);
INSERT INTO public.area VALUES (1, 'checkout', 'Checkout', 1, '[]', '[]');
INSERT INTO public.bug VALUES (1, 2, '3', 'acme/app#3', NULL, 'Export hängt', '', NULL, 'open', 'open', NULL, NULL, NULL, '[]', '[]', '[]', NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 'ok', NULL, 1);
INSERT INTO public.bug VALUES (2, 2, '5', 'acme/app#5', NULL, 'Login loops', '', NULL, 'open', 'open', NULL, NULL, NULL, '[]', '[]', '[]', NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 'ok', NULL, 1);
INSERT INTO public.bug VALUES (3, 2, '6', 'acme/app#6', NULL, 'Karte “abgelehnt” 💳', '', NULL, 'open', 'open', NULL, NULL, NULL, '[]', '[]', '[]', NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 'ok', NULL, 1);
INSERT INTO public.bug_score VALUES (1, 3.5, 3, 3, 3, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', 123456700);
INSERT INTO public.bug_score VALUES (2, 2.5, 2, 2, 2, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', 123456700);
INSERT INTO public.bug_score VALUES (3, 1.5, 1, 1, 1, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', 123456700);
INSERT INTO public.customer VALUES (1, 1, 'C2', 'organization', 'Bäckerei Ölschläger', 'gold', 123456700, NULL, '["example.org"]', false);
INSERT INTO public.customer VALUES (2, 1, 'C8', 'organization', 'Kunde 01', NULL, NULL, NULL, '[]', false);
INSERT INTO public.customer VALUES (3, 1, 'C10', 'organization', 'Kunde 02', NULL, NULL, NULL, '[]', false);
INSERT INTO public.customer VALUES (4, 1, 'C13', 'organization', 'Kunde 11', NULL, NULL, NULL, '[]', false);
INSERT INTO public.customer VALUES (5, 1, 'C16', 'organization', 'Acme', NULL, NULL, NULL, '[]', false);
INSERT INTO public.customer VALUES (6, 1, 'C18', 'organization', 'Acme', NULL, NULL, NULL, '[]', false);
INSERT INTO public.dead_letter VALUES (1, 1, 'tickets', '77', 'no subject', '{"id": 77}', 'abababababababababababababababababababababababababababababababab', '2026-01-05 09:00:00+00');
INSERT INTO public.job_lease VALUES ('sync:support', 'h:1', 1, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', '3 records');
INSERT INTO public.link VALUES (1, 1, 1, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.link VALUES (2, 2, 1, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.link VALUES (3, 3, 1, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.link VALUES (4, 4, 2, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.link VALUES (5, 5, 2, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.link VALUES (6, 6, 3, 'confirmed', 'manual', 1, NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.ranking_policy VALUES (1, '{"beta": 1.0, "alpha": 0.5, "gamma": 0.5, "w_max": 5.0, "tau_days": 90.0, "arr_ref_cents": 123456700, "severity_spread": 1.0}', 'Bugsprint', '2026-01-05 09:00:00+00');
INSERT INTO public.ranking_snapshot VALUES (1, '2026-01-05 00:00:00+00', 1, '2026-01-05 10:00:00+00', '2bdb9a009ebfc30a11b33837b9d66b45bb127f8147d782e5b6d099b24870b470', '{"as_of":"2026-01-05T00:00:00Z","bugs":[{"arr_cents":123456700,"bug_id":1,"customers":3,"first_report":"2026-01-05T09:00:00Z","place":1,"recent_tickets":3,"score":3.5,"tickets":3},{"arr_cents":123456700,"bug_id":2,"customers":2,"first_report":"2026-01-05T09:00:00Z","place":2,"recent_tickets":2,"score":2.5,"tickets":2},{"arr_cents":123456700,"bug_id":3,"customers":1,"first_report":"2026-01-05T09:00:00Z","place":3,"recent_tickets":1,"score":1.5,"tickets":1}],"policy":{"alpha":0.5,"arr_ref_cents":123456700,"beta":1.0,"gamma":0.5,"severity_spread":1.0,"tau_days":90.0,"w_max":5.0}}');
INSERT INTO public.ranking_state VALUES (1, '2026-01-05 00:00:00+00', 1, 1);
INSERT INTO public.sign_in VALUES (1, '6f0510a230a60fbb897e7d963472e84872012123d9bcfc6ab28f58505b23cc65', 1, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', '2026-01-12 09:00:00+00');
INSERT INTO public.source VALUES (1, 'zendesk', 'support', '{"keep_text": true, "subdomain": "example"}', 'gAAAAABrDO-_DplIJ5HtksNK4GXB2niHqMNwl9vlT5RisvsWwKHCpQEREEQ7VtMIuYhXyLmnlJzfEDFWx_yWRgoQWMSIBOfcMBwcqkiSB9OGjnr0ZBK0_rndVWX7FeGtQ5hjYgA0W3zT', false, 'ok', '', '2026-01-05 09:00:00+00', NULL, '2026-01-05 09:00:00+00');
INSERT INTO public.source VALUES (2, 'github', 'github-4', '{}', '', false, 'never', '', '2026-01-05 09:00:00+00', NULL, NULL);
INSERT INTO public.sprint VALUES (1, 'spring-2026', 'Spring 2026', '2026-01-05', '2026-01-18', 'run', 0.3, false, 1, '2026-01-05 10:00:00+00', NULL);
INSERT INTO public.sprint_item VALUES (2, 1, 2, 1, 'high_profile', 'open', 2, 2.5, '2026-01-05 09:00:00+00', '["Payments owns its area.", "It is #2 of the ranked list.", "Without it, Payments would fall below the minimum of its high-profile lane.", "Nothing left out would bring Payments more points for a day (2.5)."]', NULL, '2026-01-05 10:00:00+00', NULL, NULL, NULL, 1);
INSERT INTO public.sprint_item VALUES (3, 1, 3, 1, 'high_profile', 'open', 3, 1.5, '2026-01-05 09:00:00+00', '["Payments owns its area.", "It is #3 of the ranked list.", "Without it, Payments would fall below the minimum of its high-profile lane.", "Nothing left out would bring Payments more points for a day (1.5)."]', NULL, '2026-01-05 10:00:00+00', NULL, NULL, NULL, 1);
INSERT INTO public.sprint_item VALUES (1, 1, 1, 1, 'high_profile', 'claimed', 1, 3.5, '2026-01-05 09:00:00+00', '["Payments owns its area.", "It is #1 of the ranked list.", "Without it, Payments would fall below the minimum of its high-profile lane.", "Nothing left out would bring Payments more points for a day (3.5)."]', NULL, '2026-01-05 10:00:00+00', 'Zoë Ünal', '2026-01-05 14:00:00+00', NULL, 4);
INSERT INTO public.team VALUES (1, 'payments', 'Payments', 20, 0.6, NULL);
INSERT INTO public.ticket VALUES (1, 1, '7', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 1, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (2, 1, '9', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 2, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (3, 1, '11', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 3, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (4, 1, '12', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 1, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (5, 1, '14', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 4, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (6, 1, '15', NULL, 'It does not work', 'It''s broken;
second line -- with ''quotes'' and \ backslash', 'open', NULL, NULL, '["vip", "checkout"]', '[]', 1, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (7, 1, '17', NULL, 'Nobody knows why', '', 'open', NULL, NULL, '[]', '[]', 5, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public.ticket VALUES (8, 1, '19', NULL, 'Loose', '', 'open', NULL, NULL, '[]', '["vip"]', 6, NULL, '2026-01-05 09:00:00+00', '2026-01-05 09:00:00+00', NULL, 0, NULL, NULL, 0);
INSERT INTO public."user" VALUES (1, 'ana@example.com', 'Ana Admin', 'admin', NULL, NULL, false, true, false, '2026-01-05 09:00:00+00');
SELECT pg_catalog.setval('public.activity_id_seq', 9, true);
SELECT pg_catalog.setval('public.api_token_id_seq', 1, true);
SELECT pg_catalog.setval('public.area_id_seq', 1, true);
SELECT pg_catalog.setval('public.bug_id_seq', 3, true);
SELECT pg_catalog.setval('public.customer_id_seq', 6, true);
SELECT pg_catalog.setval('public.dead_letter_id_seq', 1, true);
SELECT pg_catalog.setval('public.link_id_seq', 6, true);
SELECT pg_catalog.setval('public.member_id_seq', 1, false);
SELECT pg_catalog.setval('public.merge_id_seq', 1, false);
SELECT pg_catalog.setval('public.plan_mark_id_seq', 1, false);
SELECT pg_catalog.setval('public.ranking_policy_id_seq', 1, true);
SELECT pg_catalog.setval('public.ranking_snapshot_id_seq', 1, true);
SELECT pg_catalog.setval('public.ranking_state_id_seq', 1, false);
SELECT pg_catalog.setval('public.rating_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_in_failure_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_in_id_seq', 1, true);
SELECT pg_catalog.setval('public.source_id_seq', 2, true);
SELECT pg_catalog.setval('public.sprint_id_seq', 1, true);
SELECT pg_catalog.setval('public.sprint_item_id_seq', 3, true);
SELECT pg_catalog.setval('public.team_id_seq', 1, true);
SELECT pg_catalog.setval('public.ticket_id_seq', 8, true);
SELECT pg_catalog.setval('public.user_id_seq', 1, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT pk_activity PRIMARY KEY (id);
ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT pk_api_token PRIMARY KEY (id);
ALTER TABLE ONLY public.area
    ADD CONSTRAINT pk_area PRIMARY KEY (id);
ALTER TABLE ONLY public.bug
    ADD CONSTRAINT pk_bug PRIMARY KEY (id);
ALTER TABLE ONLY public.bug_name
    ADD CONSTRAINT pk_bug_name PRIMARY KEY (name, bug_id);
ALTER TABLE ONLY public.bug_score
    ADD CONSTRAINT pk_bug_score PRIMARY KEY (bug_id);
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT pk_customer PRIMARY KEY (id);
ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT pk_dead_letter PRIMARY KEY (id);
ALTER TABLE ONLY public.job_lease
    ADD CONSTRAINT pk_job_lease PRIMARY KEY (name);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT pk_link PRIMARY KEY (id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT pk_member PRIMARY KEY (id);
ALTER TABLE ONLY public.mention
    ADD CONSTRAINT pk_mention PRIMARY KEY (ticket_id, name, origin);
ALTER TABLE ONLY public.merge
    ADD CONSTRAINT pk_merge PRIMARY KEY (id);
ALTER TABLE ONLY public.plan_mark
    ADD CONSTRAINT pk_plan_mark PRIMARY KEY (id);
ALTER TABLE ONLY public.ranking_policy
    ADD CONSTRAINT pk_ranking_policy PRIMARY KEY (id);
ALTER TABLE ONLY public.ranking_snapshot
    ADD CONSTRAINT pk_ranking_snapshot PRIMARY KEY (id);
ALTER TABLE ONLY public.ranking_state
    ADD CONSTRAINT pk_ranking_state PRIMARY KEY (id);
ALTER TABLE ONLY public.rate_window
    ADD CONSTRAINT pk_rate_window PRIMARY KEY (bucket);
ALTER TABLE ONLY public.rating
    ADD CONSTRAINT pk_rating PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT pk_sign_in PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_failure
    ADD CONSTRAINT pk_sign_in_failure PRIMARY KEY (id);
ALTER TABLE ONLY public.source
    ADD CONSTRAINT pk_source PRIMARY KEY (id);
ALTER TABLE ONLY public.sprint
    ADD CONSTRAINT pk_sprint PRIMARY KEY (id);
ALTER TABLE ONLY public.sprint_item
    ADD CONSTRAINT pk_sprint_item PRIMARY KEY (id);
ALTER TABLE ONLY public.stale_score
    ADD CONSTRAINT pk_stale_score PRIMARY KEY (bug_id);
ALTER TABLE ONLY public.stream
    ADD CONSTRAINT pk_stream PRIMARY KEY (source_id, name);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT pk_team PRIMARY KEY (id);
ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT pk_ticket PRIMARY KEY (id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT pk_user PRIMARY KEY (id);
ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT uq_api_token_name UNIQUE (name);
ALTER TABLE ONLY public.api_token
    ADD CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.area
    ADD CONSTRAINT uq_area_key UNIQUE (key);
ALTER TABLE ONLY public.bug
    ADD CONSTRAINT uq_bug_source_id_external_id UNIQUE (source_id, external_id);
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT uq_customer_source_id_external_id UNIQUE (source_id, external_id);
ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT uq_dead_letter_source_id_stream_payload_hash UNIQUE (source_id, stream, payload_hash);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT uq_link_ticket_id_bug_id UNIQUE (ticket_id, bug_id);
ALTER TABLE ONLY public.merge
    ADD CONSTRAINT uq_merge_bug_id UNIQUE (bug_id);
ALTER TABLE ONLY public.plan_mark
    ADD CONSTRAINT uq_plan_mark_sprint_id_bug_id UNIQUE (sprint_id, bug_id);
ALTER TABLE ONLY public.rating
    ADD CONSTRAINT uq_rating_source_id_system_external_id UNIQUE (source_id, system, external_id);
ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.source
    ADD CONSTRAINT uq_source_name UNIQUE (name);
ALTER TABLE ONLY public.sprint_item
    ADD CONSTRAINT uq_sprint_item_sprint_id_bug_id UNIQUE (sprint_id, bug_id);
ALTER TABLE ONLY public.sprint
    ADD CONSTRAINT uq_sprint_slug UNIQUE (slug);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT uq_team_key UNIQUE (key);
ALTER TABLE ONLY public.team
    ADD CONSTRAINT uq_team_name UNIQUE (name);
ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT uq_ticket_source_id_external_id UNIQUE (source_id, external_id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT uq_user_email UNIQUE (email);
CREATE INDEX ix_activity_bug_id ON public.activity USING btree (bug_id);
CREATE INDEX ix_area_team_id ON public.area USING btree (team_id);
CREATE INDEX ix_bug_area_id ON public.bug USING btree (area_id);
CREATE INDEX ix_bug_duplicate_of_id ON public.bug USING btree (duplicate_of_id);
CREATE INDEX ix_bug_name_bug_id ON public.bug_name USING btree (bug_id);
CREATE INDEX ix_bug_score_score ON public.bug_score USING btree (score);
CREATE INDEX ix_bug_status_category ON public.bug USING btree (status_category);
CREATE INDEX ix_link_bug_id ON public.link USING btree (bug_id);
CREATE INDEX ix_member_email ON public.member USING btree (email);
CREATE INDEX ix_member_team_id ON public.member USING btree (team_id);
CREATE INDEX ix_mention_name ON public.mention USING btree (name);
CREATE INDEX ix_merge_into_id ON public.merge USING btree (into_id);
CREATE INDEX ix_plan_mark_bug_id ON public.plan_mark USING btree (bug_id);
CREATE INDEX ix_rating_ticket_external_id ON public.rating USING btree (ticket_external_id);
CREATE INDEX ix_sign_in_failure_subject ON public.sign_in_failure USING btree (subject);
CREATE INDEX ix_sign_in_user_id ON public.sign_in USING btree (user_id);
CREATE INDEX ix_sprint_item_bug_id ON public.sprint_item USING btree (bug_id);
CREATE INDEX ix_sprint_item_order ON public.sprint_item USING btree (sprint_id, frozen_rank, id);
CREATE INDEX ix_sprint_item_team_id ON public.sprint_item USING btree (team_id);
CREATE INDEX ix_ticket_created ON public.ticket USING btree (created_at, id);
CREATE INDEX ix_ticket_customer_id ON public.ticket USING btree (customer_id);
CREATE INDEX ix_ticket_problem ON public.ticket USING btree (source_id, problem_external_id);
CREATE INDEX ix_ticket_solved_at ON public.ticket USING btree (solved_at);
CREATE INDEX ix_ticket_status ON public.ticket USING btree (status);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_sprint_id FOREIGN KEY (sprint_id) REFERENCES public.sprint(id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_team_id FOREIGN KEY (team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.ticket(id);
ALTER TABLE ONLY public.area
    ADD CONSTRAINT fk_area_team_id FOREIGN KEY (team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.bug
    ADD CONSTRAINT fk_bug_area_id FOREIGN KEY (area_id) REFERENCES public.area(id);
ALTER TABLE ONLY public.bug
    ADD CONSTRAINT fk_bug_duplicate_of_id FOREIGN KEY (duplicate_of_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.bug_name
    ADD CONSTRAINT fk_bug_name_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.bug_score
    ADD CONSTRAINT fk_bug_score_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.bug
    ADD CONSTRAINT fk_bug_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.customer
    ADD CONSTRAINT fk_customer_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT fk_dead_letter_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT fk_link_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.link
    ADD CONSTRAINT fk_link_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.ticket(id);
ALTER TABLE ONLY public.member
    ADD CONSTRAINT fk_member_team_id FOREIGN KEY (team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.mention
    ADD CONSTRAINT fk_mention_ticket_id FOREIGN KEY (ticket_id) REFERENCES public.ticket(id);
ALTER TABLE ONLY public.merge
    ADD CONSTRAINT fk_merge_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.merge
    ADD CONSTRAINT fk_merge_into_id FOREIGN KEY (into_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.plan_mark
    ADD CONSTRAINT fk_plan_mark_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.plan_mark
    ADD CONSTRAINT fk_plan_mark_pinned_team_id FOREIGN KEY (pinned_team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.plan_mark
    ADD CONSTRAINT fk_plan_mark_sprint_id FOREIGN KEY (sprint_id) REFERENCES public.sprint(id);
ALTER TABLE ONLY public.ranking_snapshot
    ADD CONSTRAINT fk_ranking_snapshot_policy_id FOREIGN KEY (policy_id) REFERENCES public.ranking_policy(id);
ALTER TABLE ONLY public.ranking_state
    ADD CONSTRAINT fk_ranking_state_policy_id FOREIGN KEY (policy_id) REFERENCES public.ranking_policy(id);
ALTER TABLE ONLY public.rating
    ADD CONSTRAINT fk_rating_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT fk_sign_in_user_id FOREIGN KEY (user_id) REFERENCES public."user"(id);
ALTER TABLE ONLY public.sprint_item
    ADD CONSTRAINT fk_sprint_item_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.sprint_item
    ADD CONSTRAINT fk_sprint_item_sprint_id FOREIGN KEY (sprint_id) REFERENCES public.sprint(id);
ALTER TABLE ONLY public.sprint_item
    ADD CONSTRAINT fk_sprint_item_team_id FOREIGN KEY (team_id) REFERENCES public.team(id);
ALTER TABLE ONLY public.sprint
    ADD CONSTRAINT fk_sprint_snapshot_id FOREIGN KEY (snapshot_id) REFERENCES public.ranking_snapshot(id);
ALTER TABLE ONLY public.stale_score
    ADD CONSTRAINT fk_stale_score_bug_id FOREIGN KEY (bug_id) REFERENCES public.bug(id);
ALTER TABLE ONLY public.stream
    ADD CONSTRAINT fk_stream_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT fk_ticket_customer_id FOREIGN KEY (customer_id) REFERENCES public.customer(id);
ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT fk_ticket_source_id FOREIGN KEY (source_id) REFERENCES public.source(id);
ALTER TABLE ONLY public."user"
    ADD CONSTRAINT fk_user_team_id FOREIGN KEY (team_id) REFERENCES public.team(id);
