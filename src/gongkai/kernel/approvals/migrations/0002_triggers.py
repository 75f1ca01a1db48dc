"""Triggers that hold the rules of signing in the database itself, whoever writes and by whatever path.

What is only ever added: route versions, frozen steps, openings, signatures, seats, ends. A signature is checked when it is
added: the round is open, nothing was returned, the digest is the round's, the step is the one that is open, the signer
holds a post for it on that day (himself, by a delegation whose giver holds it, or by a link for this step), the form is
filled. Then the signer takes his seats; the unique constraint on seats refuses one person in two steps that need two.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION approvals_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '审批记录只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Approval records are append-only; see docs/domain/approvals.md.';
END;
$$;

CREATE TRIGGER approvals_routeversion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_routeversion
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_approvalstep_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_approvalstep
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_stepopening_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_stepopening
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_signature_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_signature
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_seat_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_seat
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_approvalend_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_approvalend
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_approval_kept BEFORE DELETE OR TRUNCATE ON approvals_approval
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_delegation_kept BEFORE DELETE OR TRUNCATE ON approvals_delegation
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();
CREATE TRIGGER approvals_signinglink_kept BEFORE DELETE OR TRUNCATE ON approvals_signinglink
    FOR EACH STATEMENT EXECUTE FUNCTION approvals_append_only();

-- Only from the rows themselves, never from a state column: is every frozen step signed on exactly this digest?
CREATE FUNCTION gk_approval_complete(wanted_id bigint, wanted_digest text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM approvals_approval a WHERE a.id = wanted_id AND a.digest = wanted_digest)
       AND NOT EXISTS (SELECT 1 FROM approvals_approvalend e WHERE e.approval_id = wanted_id)
       AND NOT EXISTS (SELECT 1 FROM approvals_signature g WHERE g.approval_id = wanted_id AND g.verdict <> 'sign')
       -- at least a review by somebody else than the authors, and the confidentiality review
       AND EXISTS (SELECT 1 FROM approvals_approvalstep s WHERE s.approval_id = wanted_id
                    AND s.kind IN ('review', 'sign_off') AND s.separate_from ? 'author')
       AND EXISTS (SELECT 1 FROM approvals_approvalstep s WHERE s.approval_id = wanted_id
                    AND s.kind = 'confidentiality')
       AND NOT EXISTS (
            SELECT 1 FROM approvals_approvalstep s WHERE s.approval_id = wanted_id AND NOT EXISTS (
                SELECT 1 FROM approvals_signature g WHERE g.step_id = s.id AND g.approval_id = wanted_id
                   AND g.verdict = 'sign' AND g.digest = wanted_digest));
$$;

CREATE FUNCTION approvals_approval_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' - 'closed_at' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'closed_at' THEN
        RAISE EXCEPTION '审批（第 % 号）发起后，除状态外不能修改', OLD.id USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state THEN
        IF NOT (OLD.state = 'open' OR (OLD.state = 'completed' AND NEW.state IN ('voided', 'canceled'))) THEN
            RAISE EXCEPTION '审批（第 % 号）已经结束，状态不能由 % 改为 %', OLD.id, OLD.state, NEW.state
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NEW.state = 'completed' AND NOT gk_approval_complete(NEW.id, NEW.digest) THEN
            RAISE EXCEPTION '审批（第 % 号）还有步骤没有签完，不能标为完成', OLD.id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_approval_fixed BEFORE UPDATE ON approvals_approval
    FOR EACH ROW EXECUTE FUNCTION approvals_approval_fixed();

CREATE FUNCTION approvals_approval_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'open' THEN
        RAISE EXCEPTION '新的审批只能从“审批中”开始' USING ERRCODE = 'check_violation';
    END IF;
    IF jsonb_typeof(NEW.authors) <> 'array' OR jsonb_array_length(NEW.authors) = 0 THEN
        RAISE EXCEPTION '审批须写明拟稿人和修改人' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_approval_begins BEFORE INSERT ON approvals_approval
    FOR EACH ROW EXECUTE FUNCTION approvals_approval_begins();

-- Delegations and links may only be taken back.
CREATE FUNCTION approvals_only_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL
       OR to_jsonb(NEW) - 'revoked_at' - 'revoked_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'revoked_at' - 'revoked_by_id' THEN
        RAISE EXCEPTION '委托和签署链接只能收回，不能修改（% 第 % 号）', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_delegation_only_revoked BEFORE UPDATE ON approvals_delegation
    FOR EACH ROW EXECUTE FUNCTION approvals_only_revoked();
CREATE TRIGGER approvals_signinglink_only_revoked BEFORE UPDATE ON approvals_signinglink
    FOR EACH ROW EXECUTE FUNCTION approvals_only_revoked();

-- Steps are frozen together with the round: never after the first signature, nor once the round has ended.
CREATE FUNCTION approvals_step_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM approvals_approval a WHERE a.id = NEW.approval_id AND a.state = 'open' FOR NO KEY UPDATE;
    IF NOT FOUND OR EXISTS (SELECT 1 FROM approvals_signature g WHERE g.approval_id = NEW.approval_id) THEN
        RAISE EXCEPTION '审批开始签署或结束后，不能再增加步骤' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_step_frozen BEFORE INSERT ON approvals_approvalstep
    FOR EACH ROW EXECUTE FUNCTION approvals_step_frozen();

CREATE FUNCTION approvals_authors_seated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.separate_from ? 'author' THEN
        INSERT INTO approvals_seat (approval_id, "group", person)
            SELECT DISTINCT a.id, 'author|' || NEW.code, 'user:' || author
              FROM approvals_approval a, jsonb_array_elements_text(a.authors) AS author WHERE a.id = NEW.approval_id;
    END IF;
    RETURN NULL;
END;
$$;
CREATE TRIGGER approvals_authors_seated AFTER INSERT ON approvals_approvalstep
    FOR EACH ROW EXECUTE FUNCTION approvals_authors_seated();

CREATE FUNCTION approvals_seat_by_trigger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '席位由数据库自动记录，不能直接增加' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_seat_by_trigger BEFORE INSERT ON approvals_seat
    FOR EACH ROW EXECUTE FUNCTION approvals_seat_by_trigger();

-- Does the person hold one of the step's roles on the day, at the place the step asks for, in a unit that exists?
CREATE FUNCTION approvals_holds_post(
    who bigint, in_role text, in_unit bigint, s approvals_approvalstep, home bigint, on_day date
) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT s.roles ? in_role
       AND in_role NOT IN ('system_administrator', 'drafter')
       AND EXISTS (
            SELECT 1 FROM accounts_post p JOIN accounts_user u ON u.id = p.user_id JOIN orgs_unit o ON o.id = p.unit_id
             WHERE p.user_id = who AND p.role = in_role AND p.unit_id = in_unit AND u.is_active
               AND p.from_on <= on_day AND (p.until_on IS NULL OR p.until_on >= on_day)
               AND (o.dissolved_on IS NULL OR o.dissolved_on > on_day))
       AND CASE s."where"
            WHEN 'same' THEN in_unit = home
            WHEN 'above' THEN in_unit IN (
                WITH RECURSIVE above(id, parent_id, depth) AS (
                    SELECT id, parent_id, 0 FROM orgs_unit WHERE id = home
                    UNION SELECT u.id, u.parent_id, a.depth + 1 FROM orgs_unit u JOIN above a ON u.id = a.parent_id
                     WHERE a.depth < 50)
                SELECT id FROM above)
            ELSE EXISTS (
                SELECT 1 FROM orgs_unit u LEFT JOIN orgs_unit t ON t.id = u.parent_id
                 WHERE u.id = in_unit AND (
                    (u.parent_id IS NULL AND u.kind = 'government')
                    OR (u.is_disclosure_authority AND t.kind = 'government' AND t.parent_id IS NULL)))
           END;
$$;

CREATE FUNCTION approvals_signature_checked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round approvals_approval;
    step approvals_approvalstep;
    given approvals_delegation;
    link approvals_signinglink;
    question jsonb;
    answer text;
    on_day date := (NEW.signed_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    SELECT * INTO round FROM approvals_approval a WHERE a.id = NEW.approval_id FOR NO KEY UPDATE;
    SELECT * INTO step FROM approvals_approvalstep s WHERE s.id = NEW.step_id;
    IF step.approval_id IS DISTINCT FROM round.id THEN
        RAISE EXCEPTION '签批的步骤不属于这一轮审批' USING ERRCODE = 'check_violation';
    END IF;
    IF round.state <> 'open' OR EXISTS (SELECT 1 FROM approvals_approvalend e WHERE e.approval_id = round.id)
       OR EXISTS (SELECT 1 FROM approvals_signature g WHERE g.approval_id = round.id AND g.verdict <> 'sign') THEN
        RAISE EXCEPTION '这一轮审批（第 % 号）已经结束，不能再签', round.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.digest IS DISTINCT FROM round.digest THEN
        RAISE EXCEPTION '所签内容的摘要值与送审内容不一致' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM approvals_signature g WHERE g.step_id = step.id) THEN
        RAISE EXCEPTION '“%”已经签过', step.name USING ERRCODE = 'unique_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM approvals_approvalstep s WHERE s.approval_id = round.id AND s."order" < step."order"
                  AND NOT EXISTS (SELECT 1 FROM approvals_signature g WHERE g.step_id = s.id)) THEN
        RAISE EXCEPTION '还没有轮到“%”', step.name USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.signed_at < round.opened_at THEN
        RAISE EXCEPTION '签署时间早于送审时间' USING ERRCODE = 'check_violation';
    END IF;

    IF NEW.link_id IS NOT NULL THEN
        SELECT * INTO link FROM approvals_signinglink l WHERE l.id = NEW.link_id FOR NO KEY UPDATE;
        IF NOT step.links OR link.step_id IS DISTINCT FROM step.id
           OR link.revoked_at IS NOT NULL OR NEW.signed_at >= link.expires_at THEN
            RAISE EXCEPTION '签署链接无效、已过期或不是给这一步的' USING ERRCODE = 'check_violation';
        END IF;
        NEW.person := 'contact:' || link.contact_key;
    ELSIF NEW.delegation_id IS NOT NULL THEN
        SELECT * INTO given FROM approvals_delegation d WHERE d.id = NEW.delegation_id FOR SHARE;
        IF given.to_id IS DISTINCT FROM NEW.signer_id OR given.giver_id IS DISTINCT FROM NEW.on_behalf_of_id
           OR given.role IS DISTINCT FROM NEW.role OR given.unit_id IS DISTINCT FROM NEW.unit_id
           OR on_day NOT BETWEEN given.from_on AND given.until_on
           OR (given.revoked_at IS NOT NULL AND given.revoked_at <= NEW.signed_at)
           OR NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = given.to_id AND u.is_active)
           OR NOT approvals_holds_post(given.giver_id, NEW.role, NEW.unit_id, step, round.unit_id, on_day) THEN
            RAISE EXCEPTION '签署时没有有效的委托，或委托人不在“%”所需的岗位', step.name USING ERRCODE = 'check_violation';
        END IF;
        NEW.person := 'user:' || NEW.signer_id;
    ELSE
        IF NOT approvals_holds_post(NEW.signer_id, NEW.role, NEW.unit_id, step, round.unit_id, on_day) THEN
            RAISE EXCEPTION '签署人当日没有“%”所需的岗位', step.name USING ERRCODE = 'check_violation';
        END IF;
        NEW.person := 'user:' || NEW.signer_id;
    END IF;

    IF NEW.verdict = 'sign' THEN
        FOR question IN SELECT * FROM jsonb_array_elements(coalesce(step.form -> 'questions', '[]'::jsonb)) LOOP
            answer := btrim(coalesce(NEW.form ->> (question ->> 'code'), ''));
            IF (coalesce((question ->> 'required')::boolean, true) AND answer = '')
               OR coalesce(question -> 'stops', '[]'::jsonb) ? answer THEN
                RAISE EXCEPTION '“%”的表单没有填完，或填写的结论不允许同意：%', step.name, question ->> 'text'
                    USING ERRCODE = 'check_violation';
            END IF;
        END LOOP;
    END IF;
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END;
$$;
CREATE TRIGGER approvals_signature_checked BEFORE INSERT ON approvals_signature
    FOR EACH ROW EXECUTE FUNCTION approvals_signature_checked();

-- The signer, whom he signs for and who vouched for a link take their seats beside every step that must differ.
CREATE FUNCTION approvals_signer_seated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step approvals_approvalstep;
BEGIN
    SELECT * INTO step FROM approvals_approvalstep s WHERE s.id = NEW.step_id;
    INSERT INTO approvals_seat (approval_id, "group", person, signature_id)
        SELECT DISTINCT NEW.approval_id, pair.name, who.person, NEW.id
          FROM (
                SELECT CASE WHEN other = 'author' THEN 'author|' || step.code
                            ELSE least(other, step.code) || '|' || greatest(other, step.code) END AS name
                  FROM jsonb_array_elements_text(step.separate_from) AS other
                 UNION
                SELECT least(s.code, step.code) || '|' || greatest(s.code, step.code)
                  FROM approvals_approvalstep s
                 WHERE s.approval_id = NEW.approval_id AND s.separate_from ? step.code
               ) AS pair,
               (
                SELECT NEW.person AS person
                 UNION SELECT 'user:' || NEW.on_behalf_of_id WHERE NEW.on_behalf_of_id IS NOT NULL
                 UNION SELECT 'user:' || l.issued_by_id FROM approvals_signinglink l WHERE l.id = NEW.link_id
               ) AS who;
    RETURN NULL;
END;
$$;
CREATE TRIGGER approvals_signer_seated AFTER INSERT ON approvals_signature
    FOR EACH ROW EXECUTE FUNCTION approvals_signer_seated();
"""

BACKWARD = """
DROP TRIGGER approvals_signer_seated ON approvals_signature;
DROP FUNCTION approvals_signer_seated();
DROP TRIGGER approvals_signature_checked ON approvals_signature;
DROP FUNCTION approvals_signature_checked();
DROP FUNCTION approvals_holds_post(bigint, text, bigint, approvals_approvalstep, bigint, date);
DROP TRIGGER approvals_seat_by_trigger ON approvals_seat;
DROP FUNCTION approvals_seat_by_trigger();
DROP TRIGGER approvals_authors_seated ON approvals_approvalstep;
DROP FUNCTION approvals_authors_seated();
DROP TRIGGER approvals_step_frozen ON approvals_approvalstep;
DROP FUNCTION approvals_step_frozen();
DROP TRIGGER approvals_signinglink_only_revoked ON approvals_signinglink;
DROP TRIGGER approvals_delegation_only_revoked ON approvals_delegation;
DROP FUNCTION approvals_only_revoked();
DROP TRIGGER approvals_approval_begins ON approvals_approval;
DROP FUNCTION approvals_approval_begins();
DROP TRIGGER approvals_approval_fixed ON approvals_approval;
DROP FUNCTION approvals_approval_fixed();
DROP FUNCTION gk_approval_complete(bigint, text);
DROP TRIGGER approvals_signinglink_kept ON approvals_signinglink;
DROP TRIGGER approvals_delegation_kept ON approvals_delegation;
DROP TRIGGER approvals_approval_kept ON approvals_approval;
DROP TRIGGER approvals_approvalend_append_only ON approvals_approvalend;
DROP TRIGGER approvals_seat_append_only ON approvals_seat;
DROP TRIGGER approvals_signature_append_only ON approvals_signature;
DROP TRIGGER approvals_stepopening_append_only ON approvals_stepopening;
DROP TRIGGER approvals_approvalstep_append_only ON approvals_approvalstep;
DROP TRIGGER approvals_routeversion_append_only ON approvals_routeversion;
DROP FUNCTION approvals_append_only();
"""


class Migration(migrations.Migration):
    """Checked: adds functions and triggers only, touches no row."""

    dependencies = [
        ("approvals", "0001_initial"),
        ("accounts", "0002_staff_group"),
        ("orgs", "0001_initial"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
