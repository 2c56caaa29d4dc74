package dev.holdfast.daemon.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Takes what libraries log out of the process's streams: warnings go to the node's log by logger
/// and level, their words nowhere, since they may repeat what a peer sent.
public final class LibraryLog {
  private LibraryLog() {}

  /// Silences all libraries.
  public static void silence() {
    LogManager.getLogManager().reset();
    Logger.getLogger("").setLevel(Level.OFF);
  }

  /// Silences all libraries but for warnings, which `log` mentions.
  public static void sendTo(NodeLog log) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            log.library(String.valueOf(record.getLoggerName()), record.getLevel().getName());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        });
  }
}
