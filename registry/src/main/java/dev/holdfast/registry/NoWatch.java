package dev.holdfast.registry;

import java.util.concurrent.CountDownLatch;

/// Where the system gives no watch: reports nothing, so that only rescans find changes.
final class NoWatch implements FolderWatch {
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public Change take() throws InterruptedException {
    closed.await();
    return new Closed();
  }

  @Override
  public void renew() {}

  @Override
  public void close() {
    closed.countDown();
  }
}
