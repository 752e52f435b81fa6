{{/* What the schema cannot say: values that do not go together. */}}
{{- define "oddnode.validate" -}}
{{- if not (or .Values.agent.host.enabled .Values.agent.pod.enabled) }}
{{- fail "agent.host.enabled and agent.pod.enabled are both false: no agent would run" }}
{{- end }}
{{- $seconds := include "oddnode.interval" . | float64 }}
{{- if or (lt $seconds 0.2) (gt $seconds 3600.0) }}
{{- fail (printf "agent.interval is %s, allowed is 0.2s to 3600s" .Values.agent.interval) }}
{{- end }}
{{- range $name, $addresses := .Values.targets }}
{{- range $addresses }}
{{- if not (include "oddnode.isTarget" .) }}
{{- fail (printf "targets.%s has %s, allowed is an IP address, or address:port" $name .) }}
{{- end }}
{{- end }}
{{- end }}
{{- $failing := .Values.thresholds.failingSamples | default 3 | int }}
{{- $window := .Values.thresholds.windowSamples | default 5 | int }}
{{- if gt $failing $window }}
{{- fail (printf "thresholds.failingSamples is %d, allowed is at most thresholds.windowSamples, %d" $failing $window) }}
{{- end }}
{{- if and .Values.persistence.existingClaim (not .Values.persistence.enabled) }}
{{- fail "persistence.existingClaim is set, but persistence.enabled is false: the claim would not be used" }}
{{- end }}
{{- if and .Values.auth.existingSecret (ne .Values.auth.mode "shared-secret") }}
{{- fail "auth.existingSecret is used with auth.mode shared-secret only" }}
{{- end }}
{{- if and .Values.aggregator.ingress.enabled (not .Values.aggregator.ingress.host) }}
{{- fail "aggregator.ingress.enabled needs aggregator.ingress.host" }}
{{- end }}
{{- if and .Values.aggregator.httpRoute.enabled (not .Values.aggregator.httpRoute.parentRefs) }}
{{- fail "aggregator.httpRoute.enabled needs aggregator.httpRoute.parentRefs" }}
{{- end }}
{{- range $kind, $enabled := dict
      "monitoring.coreos.com/v1/PodMonitor" .Values.metrics.podMonitor.enabled
      "monitoring.coreos.com/v1/ServiceMonitor" .Values.metrics.serviceMonitor.enabled
      "monitoring.coreos.com/v1/PrometheusRule" .Values.metrics.prometheusRule.enabled
      "gateway.networking.k8s.io/v1/HTTPRoute" .Values.aggregator.httpRoute.enabled }}
{{- if and $enabled (not ($.Capabilities.APIVersions.Has $kind)) (lookup "v1" "Namespace" "" "kube-system") }}
{{- fail (printf "this cluster does not know %s: install its operator first, or turn it off in the values" $kind) }}
{{- end }}
{{- end }}
{{- end }}
