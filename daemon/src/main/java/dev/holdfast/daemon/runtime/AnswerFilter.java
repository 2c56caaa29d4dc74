package dev.holdfast.daemon.runtime;

import dev.holdfast.node.model.Answer;

/// What stands between the node's decision and the answer to a peer. Only a demonstration of a
/// faulty provider has another than [#NONE], and only on a simulated platform.
public interface AnswerFilter {
  /// Changes nothing.
  AnswerFilter NONE = answer -> answer;

  /// The answer to give instead; owns the secrets of `answer`. May wait: it runs on the thread of
  /// the exchange.
  Answer filter(Answer answer);
}
