package org.parley.websocket;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.websocket.server.ServerEndpoint;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the application's endpoint classes and puts the upgrade filter behind its own filters. */
@HandlesTypes(ServerEndpoint.class)
public final class WebSocketInitializer implements ServletContainerInitializer {
  @Override
  public void onStartup(@Nullable Set<Class<?>> found, ServletContext context) {
    if (found == null || found.isEmpty()) {
      return;
    }
    Set<Class<?>> endpoints = new HashSet<>(found);
    endpoints.removeIf(type -> !type.isAnnotationPresent(ServerEndpoint.class));
    UpgradeFilter filter = new UpgradeFilter(endpoints);
    FilterRegistration.Dynamic registration = context.addFilter("websocket-upgrade", filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), true, "/*");
    context.addListener(new WebSocketShutdown(filter::stop, context));
  }
}
