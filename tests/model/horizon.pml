/* The order protocol of event-store-postgres, as a model for Spin: two writers, one reader, one crash.
 *
 * A writer reads the sequence's last value, locks it (shared), draws positions, and commits or rolls back; a commit makes the
 * events visible before the lock goes. The reader reads the last value L, then the smallest lock P, then, in a later
 * snapshot, what is visible at or below min(L, P); its cursor, which it keeps elsewhere, becomes the highest visible position
 * there. A crash ends all transactions, and takes back positions that nobody made durable.
 *
 * Claim: nothing becomes visible at or below the cursor. Each wrong variant must break it:
 *   -DALLOCATE_BEFORE_LOCK  the position is drawn before the lock is taken
 *   -DLOCKS_BEFORE_LAST     the reader looks at the locks before it reads the last value
 *   -DNO_CLAMP              the cursor becomes min(L, P) itself
 */
#define MOST 3      /* positions 1..MOST; enough for two transactions and a crash */
#define NONE 255

byte last = 0;              /* the sequence */
bool visible[4];            /* index = position */
bool drawn_here[8];        /* writer * 4 + position: drawn in the running transaction */
byte lock[2] = { NONE, NONE };
byte cursor = 0;
bool crashed = false;
byte epoch = 0;             /* counts crashes: a writer that started before one is gone */

inline make_visible(w) {
    i = 1;
    do
    :: i <= MOST ->
        if
        :: drawn_here[w * 4 + i] -> assert(i > cursor); visible[i] = true; drawn_here[w * 4 + i] = false
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0
}

inline forget(w) {
    i = 1;
    do
    :: i <= MOST -> drawn_here[w * 4 + i] = false; i++
    :: else -> break
    od;
    i = 0
}

inline draw(w) {
    atomic {
        if
        :: last < MOST && born == epoch -> last++; drawn_here[w * 4 + last] = true
        :: else
        fi
    }
}

inline take_lock(w) {
    seen = last;
    atomic {
        if
        :: born == epoch -> lock[w] = seen
        :: else
        fi
    }
}

proctype Writer(byte w) {
    byte rounds = 0, seen, born, i;
    do
    :: rounds < 2 ->
        rounds++;
        born = epoch;
#ifdef ALLOCATE_BEFORE_LOCK
        draw(w);
        take_lock(w);
#else
        take_lock(w);
        draw(w);
#endif
        if
        :: draw(w)      /* a second event in the same transaction */
        :: skip
        fi;
        if
        :: d_step { born == epoch -> make_visible(w) }   /* commit: first visible ... */
        :: d_step { born == epoch -> forget(w) }         /* or rolled back */
        :: born != epoch                                 /* or lost in the crash */
        fi;
        atomic {                                         /* ... then the lock goes */
            if
            :: born == epoch -> lock[w] = NONE
            :: else
            fi
        }
    :: else -> break
    od
}

proctype Reader() {
    byte rounds = 0, l, p, bound, horizon, i, born;
    do
    :: rounds < 3 ->
        rounds++;
        born = epoch;
#ifdef LOCKS_BEFORE_LAST
        d_step { p = (lock[0] < lock[1] -> lock[0] : lock[1]) }
        l = last;
#else
        l = last;
        d_step { p = (lock[0] < lock[1] -> lock[0] : lock[1]) }
#endif
        d_step {                                         /* one snapshot */
            bound = (l < p -> l : p);
            horizon = 0;
            i = 1;
            do
            :: i <= bound -> if :: visible[i] -> horizon = i :: else fi; i++
            :: else -> break
            od;
#ifdef NO_CLAMP
            horizon = bound;
#endif
            if
            :: born == epoch && horizon > cursor -> cursor = horizon
            :: else                                      /* the crash ended the reader's transaction as well */
            fi;
            i = 0
        }
    :: else -> break
    od
}

proctype Crash() {
    byte i, highest;
    if
    :: skip
    :: atomic {
        epoch++;
        lock[0] = NONE;
        lock[1] = NONE;
        forget(0);
        forget(1);
        highest = 0;
        i = 1;
        do
        :: i <= MOST -> if :: visible[i] -> highest = i :: else fi; i++
        :: else -> break
        od;
        i = 0;
        do                                               /* the sequence may come back anywhere above what is durable */
        :: last > highest -> last--
        :: break
        od;
        highest = 0
       }
    fi
}

init {
    atomic {
        run Writer(0);
        run Writer(1);
        run Reader();
        run Crash()
    }
}
