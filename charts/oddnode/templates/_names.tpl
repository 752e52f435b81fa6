{{/* Short enough that every suffix, and the hash that Kubernetes adds for a pod, fits 63 characters. */}}
{{- define "oddnode.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "oddnode.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end }}

{{/* Takes (list context component). A selector never changes, so it holds nothing that may. */}}
{{- define "oddnode.selector" -}}
{{- $context := index . 0 -}}
app.kubernetes.io/name: {{ default $context.Chart.Name $context.Values.nameOverride | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ $context.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Takes (list context component). */}}
{{- define "oddnode.labels" -}}
{{- $context := index . 0 -}}
{{ include "oddnode.selector" . }}
app.kubernetes.io/version: {{ $context.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: oddnode
app.kubernetes.io/managed-by: {{ $context.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $context.Chart.Name $context.Chart.Version | replace "+" "_" }}
{{- with $context.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Takes (list context component). Without the chart's version, which would replace every agent for a change in a comment. */}}
{{- define "oddnode.podLabels" -}}
{{- $context := index . 0 -}}
{{ include "oddnode.selector" . }}
app.kubernetes.io/part-of: oddnode
{{- with $context.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "oddnode.agentServiceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ include "oddnode.fullname" . }}-agent
{{- else -}}
{{ required "serviceAccount.create is false: set serviceAccount.agentName" .Values.serviceAccount.agentName }}
{{- end -}}
{{- end }}

{{- define "oddnode.aggregatorServiceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ include "oddnode.fullname" . }}-aggregator
{{- else -}}
{{ required "serviceAccount.create is false: set serviceAccount.aggregatorName" .Values.serviceAccount.aggregatorName }}
{{- end -}}
{{- end }}

{{/* The Secret of auth.mode shared-secret. */}}
{{- define "oddnode.authSecret" -}}
{{- default (printf "%s-auth" (include "oddnode.fullname" .)) .Values.auth.existingSecret -}}
{{- end }}
