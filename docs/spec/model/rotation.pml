/* Rotation, with a crash after any step (docs/spec/lifecycle.md): one account, generations 1 to
 * LAST, at P providers of which each generation chooses any N.
 *
 * Checked, after every step:
 *  - usable: K providers that live hold shares of the generation that the committed manifest names,
 *    and the store has its wrap;
 *  - done: when a rotation is over (its old wrap dropped), fewer than K shares of the generation
 *    before exist anywhere, so that no copy of the old disk can be opened.
 *
 * The node crashes between any two steps, any number of times, and forgets everything but its
 * manifests, the wraps and the highest generation drawn. Deposits stay under way for as long as they
 * like and survive the crash of their sender. Up to N - K providers are lost for good, at any time;
 * any may be silent at any time.
 *
 * Left out: custody (it only adds ways to open), lying providers, disks rolled back by the host
 * (witness.pml), a sync that lies: a commit is durable when it returned.
 *
 * Each of these macros removes one rule; then the check must fail: COMMIT_EARLY, COMMIT_BEFORE_WRAP,
 * RETIRE_BEFORE_COMMIT, DROP_BEFORE_COMMIT, DROP_BEFORE_RETIRED, REPLACE_UNRETIRED.
 * UNREACHED must fail too: it says that LAST is never reached.
 */
#ifndef P
#define P 3
#endif
#define N 3
#define K 2
#ifndef LAST
#define LAST 3
#endif

/* Providers: the generation committed and the one pending (0 none), the highest retired. */
byte kept[P];
byte pending[P];
byte tombstone[P];
bool lost[P];
byte losses = 0;
byte way[P];        /* the deposit on its way to each: its generation */

/* The node, durable. */
byte manifest = 1;
byte draft = 0;     /* manifest.pending.json */
byte drawn = 1;
bool wrap[LAST + 1];
byte before = 0;    /* generation whose wrap is still to be dropped */

/* The node, lost in a crash. Which providers a generation chose is in its manifest. */
bool chosen[P];     /* of the committed generation */
bool drafted[P];    /* of the draft */
bool old[P];        /* of the generation before */
bool receipt[P];
bool settled[P];    /* acknowledged retire of everything below the committed generation */

inline holders(g) {
  c = 0; i = 0;
  do
  :: i < P -> if :: !lost[i] && (kept[i] == g || pending[i] == g) -> c++ :: else fi; i++
  :: else -> break
  od;
  i = 0
}

inline check() {
  holders(manifest);
  assert(c >= K);
  assert(wrap[manifest]);
  if
  :: before == 0 && draft == 0 && manifest > 1 && finished > 0 ->
       holders(finished);
       assert(c < K)
  :: else
  fi;
  c = 0
}

/* A provider takes a deposit of generation g. */
inline take(j, g) {
  if
  :: g < tombstone[j] -> skip
  :: else ->
       if
       :: kept[j] == 0 -> kept[j] = g
       :: kept[j] != 0 && g > kept[j] && g > pending[j] -> pending[j] = g
       :: else
       fi
  fi
}

/* A provider forgets everything below generation g. */
inline retire(j, g) {
  if :: tombstone[j] < g -> tombstone[j] = g :: else fi;
  if :: kept[j] < g -> kept[j] = 0 :: else fi;
  if
  :: pending[j] < g -> pending[j] = 0
  :: pending[j] == g -> kept[j] = g; pending[j] = 0
  :: else
  fi
}

inline forget() {
  i = 0;
  do
  :: i < P -> receipt[i] = false; settled[i] = false; drafted[i] = false; i++
  :: else -> break
  od;
  i = 0
}

inline crash() {
  if :: draft != 0 -> wrap[draft] = false; draft = 0 :: else fi;
  forget()
}

inline receipts() {
  c = 0; i = 0;
  do
  :: i < P -> if :: receipt[i] && drafted[i] -> c++ :: else fi; i++
  :: else -> break
  od;
  i = 0
}

inline settlements() {
  c = 0; i = 0;
  do
  :: i < P -> if :: settled[i] && old[i] -> c++ :: else fi; i++
  :: else -> break
  od;
  i = 0
}

inline commit() {
  before = manifest;
  manifest = draft;
  draft = 0;
  finished = 0;
  i = 0;
  do
  :: i < P -> old[i] = chosen[i]; chosen[i] = drafted[i]; i++
  :: else -> break
  od;
  i = 0;
  forget()
}

active proctype world() {
  byte c, i, j, finished;
  d_step {
    wrap[1] = true;
    i = 0;
    do
    :: i < N -> kept[i] = 1; chosen[i] = true; i++
    :: else -> break
    od;
    i = 0
  }
  do
  :: atomic { /* lost for good */
       losses < N - K ->
       select(j : 0 .. P - 1);
       if :: !lost[j] -> lost[j] = true; losses++ :: else fi;
       j = 0; check()
     }
  :: d_step { crash(); check() }
  :: atomic { /* draw a generation, choose N, write the pending manifest */
       draft == 0 && before == 0 && drawn < LAST ->
       drawn++; draft = drawn;
       select(j : 0 .. P - 1);
       i = 0;
       do
       :: i < P -> drafted[i] = (P == N || i != j); i++
       :: else -> break
       od;
       i = 0; j = 0; check()
     }
  :: atomic { /* send a deposit */
       draft != 0 ->
       select(j : 0 .. P - 1);
       if
#ifdef REPLACE_UNRETIRED
       :: drafted[j] -> way[j] = draft
#else
       :: drafted[j] && (manifest == 1 || settled[j] || !chosen[j]) -> way[j] = draft
#endif
       :: else
       fi;
       j = 0
     }
  :: atomic { /* a deposit arrives, its receipt perhaps */
       select(j : 0 .. P - 1);
       if
       :: way[j] != 0 && !lost[j] ->
            take(j, way[j]);
            if
            :: way[j] == draft && (kept[j] == draft || pending[j] == draft) -> receipt[j] = true
            :: true
            fi;
            way[j] = 0
       :: else
       fi;
       j = 0; check()
     }
  :: atomic { /* retire */
#ifdef RETIRE_BEFORE_COMMIT
       draft != 0 || manifest > 1 ->
#else
       manifest > 1 ->
#endif
       select(j : 0 .. P - 1);
       if
       :: !lost[j] ->
#ifdef RETIRE_BEFORE_COMMIT
            if :: draft != 0 -> retire(j, draft) :: else -> retire(j, manifest) fi;
#else
            retire(j, manifest);
#endif
            settled[j] = true
       :: else
       fi;
       j = 0; check()
     }
  :: d_step { draft != 0 && !wrap[draft] ->
       receipts();
#ifdef COMMIT_EARLY
       if :: c >= K -> wrap[draft] = true :: else fi;
#else
       if :: c == N -> wrap[draft] = true :: else fi;
#endif
       c = 0; check()
     }
#ifdef DROP_BEFORE_COMMIT
  :: d_step { draft != 0 && wrap[draft] -> wrap[manifest] = false; check() }
#endif
  :: d_step {
#ifdef COMMIT_BEFORE_WRAP
       draft != 0 -> receipts();
       if :: c == N -> commit() :: else fi;
#else
       draft != 0 && wrap[draft] -> commit();
#endif
       c = 0; check()
     }
  :: d_step { /* drop the old wrap */
       before != 0 ->
       settlements();
#ifdef DROP_BEFORE_RETIRED
       c = N;
#endif
       if
       :: c >= N - K + 1 -> wrap[before] = false; finished = before; before = 0
       :: else
       fi;
       c = 0; check();
#ifdef UNREACHED
       assert(!(manifest == LAST && before == 0))
#endif
     }
  od
}
