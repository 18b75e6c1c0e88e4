"""Words by which a document is found, kept beside it by triggers and answered by an index; see ADR 0019."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# What separates words is listed, so that no locale of a server decides it. "-", "." and "/" may also join parts:
# COL-2020-003, 1273/2009, 25.326, cyber-security.
RUNS = r"""
CREATE FUNCTION portal_runs(words text) RETURNS TABLE (parts text[])
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE ROWS 50 AS $$
    SELECT regexp_split_to_array(run, '[-./]+')
    FROM regexp_split_to_table(
             lower(normalize(translate(words, U&'\2010\2011\00AD\200B\200C\200D', '--'), NFC)),
             '[\u0001-\u002c\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff'
             '\u2000-\u2bff\u3000-\u303f\ue000-\uf8ff\ufe00-\ufe0f\ufff0-\uffff\U0001f000-\U0001ffff]+'
         ) AS found,
         btrim(found, '-./') AS run
    WHERE run <> ''
$$
"""

STEMS = """
CREATE FUNCTION portal_stems(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ts_lexize('english_stem', word) || ts_lexize('spanish_stem', word)
        || ts_lexize('portuguese_stem', word) || ts_lexize('french_stem', word)
$$
"""

# The stem of the word as it is written unites informação and informações; that of the bare word, what is written
# without accents. ciberseguridad is found by seguridad too, but cibernética not by ética; a number by any run of
# its parts. The limits bound the index against words that are none; folding all at once is what makes it quick.
LEXEMES = """
CREATE FUNCTION portal_lexemes(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH runs AS MATERIALIZED (SELECT parts FROM portal_runs(left(words, 50000))),
         typed AS (SELECT DISTINCT part FROM runs, unnest(parts) AS part),
         written AS MATERIALIZED (
             SELECT part FROM typed
             UNION ALL
             SELECT substring(part FROM 6) FROM typed WHERE part ~ '^c[iy]ber(?!n[eéè]t).{4}'
         ),
         bare AS MATERIALIZED (
             SELECT unnest(string_to_array(portal_fold(string_agg(part, ' ')), ' ')) AS part FROM written
         ),
         accented AS (
             SELECT string_agg(array_to_string(portal_stems(part), ' '), ' ') AS stems
             FROM written WHERE octet_length(part) > length(part)
         ),
         found (lexeme) AS (
             SELECT part FROM bare
             UNION ALL
             SELECT unnest(portal_stems(part)) FROM bare
             UNION ALL
             SELECT unnest(string_to_array(portal_fold(stems), ' ')) FROM accented
             UNION ALL
             SELECT portal_fold(array_to_string(parts[start:start + 4], ''))
             FROM runs, generate_subscripts(parts, 1) AS start WHERE cardinality(parts) > 1
         )
    SELECT array_to_tsvector(ARRAY(SELECT left(lexeme, 50) FROM found WHERE lexeme <> ''))
$$
"""

# A word typed begins a word of the document, or has a stem in common with it; one or two letters are a whole word.
# Lexemes hold letters and digits only, so that none can end its quotes.
TERM = """
CREATE FUNCTION portal_term(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT '(''' || left(bare, 50) || CASE WHEN length(bare) < 3 THEN '''' ELSE ''':*' END
        || (
            SELECT coalesce(string_agg(DISTINCT ' | ''' || stem || '''', ''), '')
            FROM unnest(portal_stems(bare) || portal_stems(word)) AS written,
                 LATERAL left(portal_fold(written), 50) AS stem
            WHERE stem <> '' AND NOT starts_with(stem, left(bare, 50))
        ) || ')'
    FROM portal_fold(word) AS bare WHERE bare <> ''
$$
"""

# Parts that are joined stand together in the document; where they are words they may also stand apart.
QUERY = """
CREATE FUNCTION portal_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_agg(
        CASE
            WHEN cardinality(parts) = 1 OR cardinality(parts) > 5 THEN apart
            WHEN numbers > 1 THEN portal_term(together)
            ELSE '(' || portal_term(together) || ' | ' || apart || ')'
        END, ' & ')::tsquery
    FROM portal_runs(words),
         LATERAL (
             SELECT '(' || string_agg(portal_term(part), ' & ') || ')' AS apart,
                    string_agg(part, '' ORDER BY place) AS together,
                    count(*) FILTER (WHERE part ~ '[0-9]') AS numbers
             FROM unnest(parts) WITH ORDINALITY AS each (part, place)
         ) AS read
$$
"""

TEXTS = """
CREATE FUNCTION portal_policy_lexemes(policy policies_policysubmission) RETURNS tsvector
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT portal_lexemes(concat_ws(
        E'\\n', policy.ref, policy.title, policy.official_number,
        array_to_string(policy.responsible_institutions, E'\\n'), policy.description,
        (SELECT string_agg(concat_ws(E'\\n', title, description), E'\\n' ORDER BY id)
         FROM policies_policytranslation WHERE policy_id = policy.id)
    ))
$$
"""

# The lock makes whoever writes last see what the other has written: each statement reads anew.
KEEP = """
CREATE FUNCTION portal_keep_lexemes(changed bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM policies_policysubmission WHERE id = changed FOR NO KEY UPDATE;
    INSERT INTO policies_policysearch (policy_id, lexemes)
        SELECT id, portal_policy_lexemes(policy) FROM policies_policysubmission AS policy WHERE id = changed
        ON CONFLICT (policy_id) DO UPDATE SET lexemes = EXCLUDED.lexemes;
END $$
"""

POLICY_WRITTEN = """
CREATE FUNCTION portal_policy_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT'
        OR (OLD.ref, OLD.title, OLD.official_number, OLD.responsible_institutions, OLD.description)
            IS DISTINCT FROM
            (NEW.ref, NEW.title, NEW.official_number, NEW.responsible_institutions, NEW.description)
    THEN
        PERFORM portal_keep_lexemes(NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER portal_search AFTER INSERT OR UPDATE
    ON policies_policysubmission FOR EACH ROW EXECUTE FUNCTION portal_policy_written();
"""

TRANSLATION_WRITTEN = """
CREATE FUNCTION portal_translation_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM portal_keep_lexemes(policy_id)
        FROM (SELECT OLD.policy_id UNION SELECT NEW.policy_id) AS changed WHERE policy_id IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER portal_search AFTER INSERT OR UPDATE OR DELETE
    ON policies_policytranslation FOR EACH ROW EXECUTE FUNCTION portal_translation_written();
"""

# For rows that came past the triggers, too: it adds what is missing, and says how many that were.
FILL = """
CREATE FUNCTION portal_fill_search() RETURNS bigint LANGUAGE sql AS $$
    WITH added AS (
        INSERT INTO policies_policysearch (policy_id, lexemes)
        SELECT id, portal_policy_lexemes(policy) FROM policies_policysubmission AS policy
        WHERE NOT EXISTS (SELECT FROM policies_policysearch WHERE policy_id = policy.id)
        RETURNING 1
    )
    SELECT count(*) FROM added
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_rules_in_sql"),
        ("policies", "0003_texts_are_given"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicySearch",
            fields=[
                ("policy", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name="search", serialize=False, to="policies.policysubmission")),
                ("lexemes", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "default_permissions": (),
                "indexes": [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["lexemes"], name="policies_by_words")],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE policies_policysearch ADD CONSTRAINT policies_policysearch_of_a_policy"
            " FOREIGN KEY (policy_id) REFERENCES policies_policysubmission (id) ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(RUNS, "DROP FUNCTION portal_runs"),
        migrations.RunSQL(STEMS, "DROP FUNCTION portal_stems"),
        migrations.RunSQL(LEXEMES, "DROP FUNCTION portal_lexemes"),
        migrations.RunSQL(TERM, "DROP FUNCTION portal_term"),
        migrations.RunSQL(QUERY, "DROP FUNCTION portal_query"),
        migrations.RunSQL(TEXTS, "DROP FUNCTION portal_policy_lexemes"),
        migrations.RunSQL(KEEP, "DROP FUNCTION portal_keep_lexemes"),
        migrations.RunSQL(POLICY_WRITTEN, "DROP FUNCTION portal_policy_written CASCADE"),
        migrations.RunSQL(TRANSLATION_WRITTEN, "DROP FUNCTION portal_translation_written CASCADE"),
        migrations.RunSQL(FILL, "DROP FUNCTION portal_fill_search"),
        migrations.RunSQL("SELECT portal_fill_search()", migrations.RunSQL.noop),
    ]
