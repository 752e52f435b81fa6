{{/* Takes (list context image). */}}
{{- define "oddnode.image" -}}
{{- $context := index . 0 -}}
{{- $image := index . 1 -}}
{{- $repository := $image.repository -}}
{{- with $context.Values.global.imageRegistry -}}
{{- $repository = printf "%s/%s" . (regexReplaceAll "^[^/]*[.:][^/]*/" $repository "") -}}
{{- end -}}
{{- if $image.digest -}}
{{ $repository }}@{{ $image.digest }}
{{- else -}}
{{ $repository }}:{{ default $context.Chart.AppVersion $image.tag }}
{{- end -}}
{{- end }}

{{/* Pod Security `restricted`, together with oddnode.containerSecurity. */}}
{{- define "oddnode.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "oddnode.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Takes (list context component). Moves with the configuration that the pods read at their start, and only with it. */}}
{{- define "oddnode.checksum" -}}
{{- $context := index . 0 -}}
checksum/config: {{ include (printf "oddnode.%sConfiguration" (index . 1)) $context | sha256sum }}
{{- end }}

{{/* Takes (list context image). */}}
{{- define "oddnode.pullSecrets" -}}
{{- $context := index . 0 -}}
{{- with concat (default list $context.Values.global.imagePullSecrets) (default list (index . 1).pullSecrets) | uniq -}}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end }}

{{/* The shared secret is a random one that an upgrade finds again. */}}
{{- define "oddnode.secretValue" -}}
{{- $kept := lookup "v1" "Secret" (include "oddnode.namespace" .) (include "oddnode.authSecret" .) -}}
{{- with $kept -}}
{{ index .data $.Values.auth.secretKey | required (printf "the Secret %s has no key %s" .metadata.name $.Values.auth.secretKey) }}
{{- else -}}
{{ randAlphaNum 40 | b64enc }}
{{- end -}}
{{- end }}
