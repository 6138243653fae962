package org.parley.edge;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerDelegate;
import javax.management.MBeanServerNotification;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.ObjectName;

/**
 * Hears the server close and open its network listeners. Open Liberty closes them first when it
 * stops, cuts what is still connected a while later, and only then tells the application: whoever
 * waits for that has nobody left to say goodbye to. A server without these beans says nothing here,
 * and the application hears of the stop in the usual way.
 */
final class ServerListeners implements NotificationListener {
  private static final Logger LOG = System.getLogger(ServerListeners.class.getName());

  /** The TLS listeners; the plain ones carry no session. */
  private static final String LISTENERS = "WebSphere:feature=channelfw,type=endpoint,name=*-ssl,*";

  private final ObjectName pattern;
  private final Runnable onClosed;
  private final Runnable onOpened;

  /**
   * @param onClosed runs when the last listener has been closed; must not block
   * @param onOpened runs when a listener has been opened again; must not block
   */
  ServerListeners(Runnable onClosed, Runnable onOpened) {
    this.onClosed = onClosed;
    this.onOpened = onOpened;
    try {
      this.pattern = new ObjectName(LISTENERS);
    } catch (MalformedObjectNameException e) {
      throw new IllegalStateException(e);
    }
  }

  void listen() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .addNotificationListener(MBeanServerDelegate.DELEGATE_NAME, this, null, null);
    } catch (InstanceNotFoundException e) {
      throw new IllegalStateException(e); // every MBean server has its delegate
    }
  }

  /** Must be called at the end: the server would keep the application's classes otherwise. */
  void stop() {
    try {
      ManagementFactory.getPlatformMBeanServer()
          .removeNotificationListener(MBeanServerDelegate.DELEGATE_NAME, this);
    } catch (JMException e) {
      LOG.log(Level.DEBUG, "not listening", e);
    }
  }

  @Override
  public void handleNotification(Notification notification, Object handback) {
    if (!(notification instanceof MBeanServerNotification change)
        || !pattern.apply(change.getMBeanName())) {
      return;
    }
    switch (change.getType()) {
      case MBeanServerNotification.UNREGISTRATION_NOTIFICATION -> {
        // Others may go on: of another port, or of another application on the same server.
        if (ManagementFactory.getPlatformMBeanServer().queryNames(pattern, null).isEmpty()) {
          onClosed.run();
        }
      }
      case MBeanServerNotification.REGISTRATION_NOTIFICATION -> onOpened.run();
      default -> LOG.log(Level.DEBUG, change.getType());
    }
  }
}
