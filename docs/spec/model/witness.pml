/* Witnesses (docs/spec/protocol.md#witness) of one account, through one rotation from generation 1,
 * held by the providers 0 to N - 1, to generation 2, held by N to 2N - 1.
 *
 * Checked: whatever recovery of either generation gets its K shares, the highest witness that it is
 * shown is at least the highest that counted as acknowledged, although FAULTS of each set lie.
 * A liar shows an older witness or none (it cannot sign one), and releases its share even after it
 * said that it retired it.
 *
 * A recovery reads any K holders of its generation that are not retired. Witnesses reach any
 * providers, in any order, and are lost. A recovery of generation 1 is one on a copy of the disk
 * from before the commit.
 *
 * Left out: crashes of the depositor (rotation.pml), providers that are in both sets (there the two
 * quorums are easier, not harder), which witness of one version (a fork is refused by each provider).
 *
 * Each of these macros removes one rule; then the check must fail: ONE_FEWER, NEW_SET_BARE,
 * ONE_SET_UNTIL_COMMIT, ONE_SET_FROM_COMMIT, RETIRE_ONE_FEWER.  UNREACHED must fail too: it says
 * that no rotation ever ends.
 */
#ifndef N
#define N 3
#endif
#ifndef K
#define K 2
#endif
#ifndef FAULTS
#define FAULTS 0
#endif
#define VERSIONS 3
#ifdef ONE_FEWER
#define QUORUM (N - K + FAULTS)
#else
#define QUORUM (N - K + 1 + FAULTS)
#endif
#ifdef RETIRE_ONE_FEWER
#define RETIRED (N - K + FAULTS)
#else
#define RETIRED (N - K + 1 + FAULTS)
#endif

/* 0 one generation, 1 deposits of the second under way, 2 committed, 3 the old set retired. */
byte phase = 0;
byte version = 0;
byte acknowledged = 0;
byte held[2 * N];
bool deposited[N];
bool retired[N];

/* How many of the set that starts at `from` hold `version`. */
inline count(from) {
  c = 0; i = 0;
  do
  :: i < N -> if :: held[from + i] == version -> c++ :: else fi; i++
  :: else -> break
  od
}

inline acknowledge() {
  count(0);
  enough = c >= QUORUM;
  count(N);
  if
#ifdef ONE_SET_UNTIL_COMMIT
  :: phase <= 1 -> skip
#else
  :: phase == 0 -> skip
  :: phase == 1 -> enough = enough && c >= QUORUM
#endif
#ifdef ONE_SET_FROM_COMMIT
  :: phase >= 2 -> enough = c >= QUORUM
#else
  :: phase == 2 -> enough = enough && c >= QUORUM
  :: phase == 3 -> enough = c >= QUORUM
#endif
  fi;
  if :: enough -> acknowledged = version :: else fi;
  c = 0; i = 0; enough = false
}

/* The holders of one generation that release, those that know least first: the worst recovery reads
 * K of them, FAULTS of which lie. It misses what was acknowledged if K can be found that do not
 * know it: the liars, which may be any, and the honest that hold less. */
inline recover(from, old) {
  c = 0; b = 0; i = 0;
  do
  :: i < N ->
       if
       :: old && retired[i] -> b++ /* gone, unless it lies */
       :: else ->
            if :: held[from + i] < acknowledged -> c++ :: else -> b++ fi
       fi;
       i++
  :: else -> break
  od;
  if :: b > FAULTS -> b = FAULTS :: else fi;
  assert(c + b < K || acknowledged == 0);
  c = 0; b = 0; i = 0
}

active proctype world() {
  byte c, b, i;
  bool enough;
  do
  :: d_step { version < VERSIONS && version == acknowledged -> version++ }
  :: atomic {
       version > 0 ->
       select(i : 0 .. 2 * N - 1);
       if
       :: i < N && !retired[i] -> held[i] = version
       :: i >= N && phase > 0 && deposited[i - N] -> held[i] = version
       :: else
       fi;
       i = 0
     }
  :: d_step { version > acknowledged -> acknowledge() }
  :: d_step { phase == 0 -> phase = 1 }
  :: atomic {
       phase == 1 ->
       select(i : 0 .. N - 1);
       if
       :: !deposited[i] ->
            deposited[i] = true;
#ifndef NEW_SET_BARE
            held[N + i] = acknowledged
#endif
       :: else
       fi;
       i = 0
     }
  :: d_step {
       phase == 1 ->
       c = 0; i = 0;
       do
       :: i < N -> if :: deposited[i] -> c++ :: else fi; i++
       :: else -> break
       od;
       if :: c == N -> phase = 2 :: else fi;
       c = 0; i = 0
     }
  :: atomic {
       phase == 2 ->
       select(i : 0 .. N - 1);
       retired[i] = true;
       i = 0
     }
  :: d_step {
       phase == 2 ->
       c = 0; i = 0;
       do
       :: i < N -> if :: retired[i] -> c++ :: else fi; i++
       :: else -> break
       od;
       if :: c >= RETIRED -> phase = 3 :: else fi;
       c = 0; i = 0;
#ifdef UNREACHED
       assert(phase != 3)
#endif
     }
  :: d_step { recover(0, true) }
  :: d_step { phase >= 2 -> recover(N, false) }
  od
}
