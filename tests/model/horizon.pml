/* The order protocol of event-store-postgres, as a model for Spin: two writers, one reader, crashes. Nobody stops: every run
 * of any length is looked at, as long as positions 1..MOST last.
 *
 * A writer reads the sequence's last value, locks it (shared), draws positions, and commits or rolls back. A commit is first
 * durable, then visible, and then its lock goes. The reader reads the last value L, then the smallest lock P, then, in a later
 * snapshot, what is visible at or below min(L, P); its cursor, which it keeps elsewhere, becomes the highest visible position
 * there. A crash ends all transactions: what was durable is visible afterwards, all else is forgotten, and the sequence may
 * draw again what nobody made durable. (A rollback to a savepoint undoes lock and events: as if the transaction began anew.)
 *
 * Claim: what the reader passes it has seen, and nothing becomes visible at or below the cursor. Each wrong variant must break
 * it:
 *   -DALLOCATE_BEFORE_LOCK   a position is drawn before the lock is taken
 *   -DLOCKS_BEFORE_LAST      the reader looks at the locks before it reads the last value
 *   -DNO_CLAMP               the cursor becomes min(L, P) itself
 *   -DEARLY_SNAPSHOT         the reader's rows are those of before it looked at the locks (REPEATABLE READ)
 *   -DUNLOCK_BEFORE_VISIBLE  the lock goes before the events are visible
 */
#ifndef MOST
#define MOST 4
#endif
#define NONE 255
#define BIT(position) (1 << (position))
#define UP_TO(position) ((2 << (position)) - 1)

byte last;                      /* the sequence */
byte visible;                   /* positions, one bit each */
byte cursor;
bool running[2];                /* a transaction of the writer; a crash ends it */
bool durable[2];
byte drawn[2];                  /* positions, one bit each */
byte lock[2] = { NONE, NONE };
bool reading;                   /* the reader's transaction; a crash ends it */

/* Within d_step. */
inline make_visible(w) {
    assert((drawn[w] & UP_TO(cursor)) == 0);
    visible = visible | drawn[w]
}

inline draw(w) {
    atomic {
        if
        :: running[w] && last < MOST -> last++; drawn[w] = drawn[w] | BIT(last)
        :: else
        fi
    }
}

inline take_lock(w) {
    seen = last;
    d_step {
        if
        :: running[w] -> lock[w] = seen
        :: else
        fi;
        seen = 0
    }
}

proctype Writer(byte w) {
    byte seen;
    do
    :: running[w] = true;
#ifdef ALLOCATE_BEFORE_LOCK
        draw(w);
        take_lock(w);
#else
        take_lock(w);
#endif
        do
        :: draw(w)
        :: break
        od;
        if
        :: d_step { running[w] -> durable[w] = true }
        :: d_step { running[w] -> drawn[w] = 0 }        /* rolled back */
        :: !running[w]                                  /* lost in a crash */
        fi;
#ifdef UNLOCK_BEFORE_VISIBLE
        lock[w] = NONE;
#endif
        d_step {
            if
            :: running[w] && durable[w] -> make_visible(w)
            :: else
            fi;
            drawn[w] = 0;
            durable[w] = false
        }
        d_step { lock[w] = NONE; running[w] = false }
    od
}

proctype Reader() {
    byte l, p, snapshot, horizon;
    do
    :: reading = true;
#ifdef LOCKS_BEFORE_LAST
        p = (lock[0] < lock[1] -> lock[0] : lock[1]);
        l = last;
#else
        l = last;
#ifdef EARLY_SNAPSHOT
        snapshot = visible;
#endif
        p = (lock[0] < lock[1] -> lock[0] : lock[1]);
#endif
        d_step {
#ifndef EARLY_SNAPSHOT
            snapshot = visible;
#endif
            horizon = (l < p -> l : p);
#ifndef NO_CLAMP
            do
            :: horizon > 0 && (snapshot & BIT(horizon)) == 0 -> horizon--
            :: else -> break
            od;
#endif
            if
            :: reading && horizon > cursor ->
                assert((visible & ~snapshot & UP_TO(horizon)) == 0);
                cursor = horizon
            :: else
            fi;
            l = 0; p = 0; snapshot = 0; horizon = 0; reading = false
        }
    od
}

proctype Crash() {
    byte w;
    do
    :: atomic {
        w = 0;
        do
        :: w < 2 ->
            if
            :: running[w] && durable[w] -> make_visible(w)
            :: else
            fi;
            running[w] = false;
            durable[w] = false;
            drawn[w] = 0;
            lock[w] = NONE;
            w++
        :: else -> break
        od;
        w = 0;
        reading = false;
        do                                              /* back to anywhere above what is durable */
        :: last > 0 && visible < BIT(last) -> last--
        :: break
        od
       }
    od
}

init {
    atomic {
        run Writer(0);
        run Writer(1);
        run Reader();
        run Crash()
    }
}
