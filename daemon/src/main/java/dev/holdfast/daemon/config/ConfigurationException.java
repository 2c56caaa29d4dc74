package dev.holdfast.daemon.config;

/// A configuration that cannot be used; the message names the key and what to write instead.
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message) {
    super(message);
  }
}
