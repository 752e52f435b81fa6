{{/* `15s` → 15 */}}
{{- define "oddnode.interval" -}}
{{- trimSuffix "s" .Values.agent.interval -}}
{{- end }}

{{- define "oddnode.names" -}}
{{- dict
      "clusterDomain" .Values.names.clusterDomain
      "namespace" (include "oddnode.namespace" .)
      "external" .Values.names.external
    | toJson -}}
{{- end }}

{{/* The agents' settings (docs/configuration.md), but for what differs from pod to pod. */}}
{{- define "oddnode.agentConfiguration" -}}
{{- dict
      "tokenFile" "/var/run/secrets/oddnode/token"
      "intervalSeconds" (include "oddnode.interval" . | float64)
      "targets" .Values.targets
      "names" (include "oddnode.names" . | fromJson)
      "logLevel" .Values.agent.logLevel
    | toPrettyJson -}}
{{- end }}

{{/* The aggregator's settings (docs/configuration.md). */}}
{{- define "oddnode.aggregatorConfiguration" -}}
{{- $auth := dict "mode" .Values.auth.mode -}}
{{- if eq .Values.auth.mode "shared-secret" -}}
{{- $_ := set $auth "secretFile" "/var/run/secrets/oddnode/token" -}}
{{- end -}}
{{- $vantages := list -}}
{{- range list "host" "pod" -}}
{{- if (index $.Values.agent .).enabled -}}
{{- $vantages = append $vantages . -}}
{{- end -}}
{{- end -}}
{{- dict
      "cluster" .Values.cluster
      "listen" (dict "address" .Values.aggregator.listenAddress "port" 8530)
      "externalUrl" (default "" .Values.aggregator.externalUrl)
      "dataFile" "/var/lib/oddnode/oddnode.sqlite"
      "auth" $auth
      "discovery" (dict "mode" "kubernetes" "vantages" $vantages)
      "names" (include "oddnode.names" . | fromJson | merge (dict "canary" (printf "%s-agents" (include "oddnode.fullname" .))))
      "targets" .Values.targets
      "plan" (dict "intervalSeconds" (include "oddnode.interval" . | float64))
      "budget" .Values.budget
      "events" .Values.events
      "retention" .Values.retention
      "thresholds" .Values.thresholds
      "logLevel" .Values.aggregator.logLevel
    | toPrettyJson -}}
{{- end }}
