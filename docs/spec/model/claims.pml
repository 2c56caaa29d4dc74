/* Claims and leases (docs/spec/protocol.md#claims): RUNS runs of one account at one provider.
 *
 * Checked: at no time do the confirmations of two runs by the same provider both count. A run serves
 * while a quorum confirms it, and any two quorums share a provider (QuorumsTest checks all of them),
 * so no two runs ever serve at once; one provider is enough to model.
 *
 * Time has no end: what is kept are ages and times left, up to a lease; a tick changes all of them,
 * and everything else happens between two ticks in any order. Messages are delayed for as long as
 * time goes on, lost, or delivered again. The provider restarts, any number of times, and forgets
 * when it last confirmed whom, never which claim it holds. So the result holds for all times.
 *
 * Left out: lying providers, clocks whose rates differ, changes of the set of providers,
 * resignations (a run that resigned serves nobody before it says so).
 *
 * Each of these macros removes one rule; then the check must fail: IGNORE_BUSY, FORGET_IS_FREE,
 * LEASE_FROM_ANSWER, BUSY_ONLY_ONCE, OVERTAKEN_CONFIRMED.
 */
#ifndef RUNS
#define RUNS 2
#endif
#ifndef LEASE
#define LEASE 2
#endif
#define NEVER 15

/* The provider: the run whose claim is held (0 none, r + 1), and what is only in memory: since when
 * it is confirmed, and how long an earlier run may still believe to be. */
byte held = 0;
bool known = false;
byte since = 0;
byte busy = 0;

/* One claim and one answer of each run under way: 0 none, else age + 1. */
byte claim[RUNS];
byte answer[RUNS];
byte answerBusy[RUNS];

/* For each run: until its confirmation begins to count, and until it no longer does. */
byte wait[RUNS];
byte left[RUNS];

inline tick() {
  r = 0;
  do
  :: r < RUNS ->
       if :: claim[r] > 0 && claim[r] <= LEASE -> claim[r]++ :: else fi;
       if :: answer[r] > 0 && answer[r] <= LEASE -> answer[r]++ :: else fi;
       if :: wait[r] > 0 && wait[r] != NEVER -> wait[r]-- :: else fi;
       if :: left[r] > 0 -> left[r]-- :: else fi;
       r++
  :: else -> break
  od;
  if :: known && since < LEASE -> since++ :: else fi;
  if :: busy > 0 -> busy-- :: else fi;
  r = 0
}

inline confirm() {
  known = true;
  since = 0;
  busy = f;
  answerBusy[r] = f;
  answer[r] = claim[r]
}

inline deliver() {
  if
  :: held > r + 1 ->
#ifdef OVERTAKEN_CONFIRMED
       answerBusy[r] = 0; answer[r] = claim[r]
#else
       skip /* lost: the refusal changes nothing here */
#endif
  :: held == r + 1 ->
#ifdef BUSY_ONLY_ONCE
       f = 0;
#else
       f = busy;
#endif
#ifndef FORGET_IS_FREE
       if :: !known -> f = LEASE :: else fi;
#endif
       confirm()
  :: held < r + 1 ->
       f = 0;
       if
       :: held > 0 && known ->
            f = LEASE - since
       :: held > 0 && !known ->
#ifdef FORGET_IS_FREE
            f = 0
#else
            f = LEASE
#endif
       :: held == 0
       fi;
       held = r + 1;
       confirm()
  fi
}

inline receive() {
  if
  :: wait[r] == NEVER ->
#ifdef IGNORE_BUSY
       wait[r] = 0
#else
       wait[r] = answerBusy[r]
#endif
  :: else
  fi;
#ifdef LEASE_FROM_ANSWER
  left[r] = LEASE;
#else
  left[r] = LEASE - (answer[r] - 1);
#endif
  answerBusy[r] = 0;
  answer[r] = 0
}

inline check() {
  serving = 0; r = 0;
  do
  :: r < RUNS ->
       if :: wait[r] == 0 && left[r] > 0 -> serving++ :: else fi;
       r++
  :: else -> break
  od;
  assert(serving <= 1);
  serving = 0; r = 0
}

active proctype world() {
  byte r, f, serving;
  d_step {
    r = 0;
    do
    :: r < RUNS -> wait[r] = NEVER; r++
    :: else -> break
    od;
    r = 0
  }
  do
  :: d_step { tick(); check() }
  :: d_step { known = false; since = 0; busy = 0 }
  :: atomic {
       select(r : 0 .. RUNS - 1);
       if
       :: claim[r] == 0 -> claim[r] = 1
       :: claim[r] != 0 -> claim[r] = 0            /* lost */
       :: claim[r] != 0 -> deliver()               /* and will come again */
       :: claim[r] != 0 -> deliver(); claim[r] = 0
       :: answer[r] != 0 -> receive()
       :: answer[r] != 0 -> answerBusy[r] = 0; answer[r] = 0 /* lost */
       fi;
       f = 0;
       check()
     }
  od
}
