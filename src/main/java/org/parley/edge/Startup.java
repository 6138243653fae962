package org.parley.edge;

import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.parley.edge.settings.SettingException;

/** Starts the broker with the application and stops it with it. */
@WebListener
public class Startup implements ServletContextListener {
  private static final Logger LOG = System.getLogger(Startup.class.getName());

  private final Instance<BrokerService> service;
  private @Nullable BrokerService running;

  @Inject
  public Startup(Instance<BrokerService> service) {
    this.service = service;
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    try {
      running = service.get();
      running.start(event.getServletContext());
    } catch (RuntimeException e) {
      // One line, whatever has wrapped it on its way through the container.
      var cause = settingException(e);
      if (cause == null) {
        throw e;
      }
      LOG.log(Level.ERROR, "Parley does not start: " + cause.getMessage());
      throw cause;
    }
  }

  private static @Nullable SettingException settingException(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingException found) {
        return found;
      }
    }
    return null;
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (running != null) {
      running.stop();
    }
  }
}
