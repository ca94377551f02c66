"""Officers who act at the same moment: real transactions, which do not see each other, and which
the server tries anew as it does for requests."""

import threading
from functools import partial
from unittest.mock import patch

from odoo import api
from odoo.service import model as service


class GivenUp(Exception):
    """An officer's computer fails after the act, before it is committed."""


def _try(env, act):
    """The act as the server does it: tried anew when another transaction came in between."""
    with patch.object(service.random, "uniform", lambda _least, _most: 0.01):
        return service.retrying(partial(act, env), env)


def all_at_once(registry, user_id, ids, act, failing=()):
    """Let each record have its act in a thread and a transaction of its own, at one moment.

    :param act: ``act(env, id)``
    :param failing: ids whose transactions are rolled back after the act
    :returns: what went wrong
    """
    barrier, errors = threading.Barrier(len(ids)), []

    def act_or_fail(env, record_id):
        act(env, record_id)
        if record_id in failing:
            env.flush_all()
            raise GivenUp

    def run(record_id):
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, user_id, {"lang": "en_US"})
                barrier.wait(60)
                service.retrying(partial(act_or_fail, env, record_id), env)
        except GivenUp:
            return
        except Exception as error:
            errors.append(error)

    with patch.object(service.random, "uniform", lambda _least, _most: 0.01):
        threads = [threading.Thread(target=run, args=(record_id,)) for record_id in ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    return errors


def one_after_began(registry, first, second):
    """The second officer's transaction begins, then the first one's act is committed, then the
    second one acts on what is no longer so.

    :param first: pair of user id and ``act(env)``
    :returns: what the second was told, or None
    """
    with registry.cursor() as early, registry.cursor() as late:
        late.execute("SELECT 1")  # from here on it sees the database as it is now
        _commit(early, first)
        return _told(late, second)


def one_while_other(registry, first, second):
    """The second officer acts while the first one's act is not committed yet; that
    is then taken back.

    :returns: what the second was told, or None
    """
    with registry.cursor() as early, registry.cursor() as late:
        user_id, act = first
        env = api.Environment(early, user_id, {"lang": "en_US"})
        act(env)
        env.flush_all()
        late.execute("SET LOCAL lock_timeout = '10s'")
        told = _told(late, second)
        early.rollback()
        return told


def _commit(cr, officer):
    user_id, act = officer
    env = api.Environment(cr, user_id, {"lang": "en_US"})
    act(env)
    env.flush_all()
    cr.commit()  # pylint: disable=invalid-commit


def _told(cr, officer):
    user_id, act = officer
    env = api.Environment(cr, user_id, {"lang": "en_US"})
    try:
        _try(env, act)
    except Exception as error:
        cr.rollback()
        return error
    return None
