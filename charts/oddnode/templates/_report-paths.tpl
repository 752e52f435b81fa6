{{/* What a reader needs. Pushes and metrics stay inside the cluster. Path → does it stand for all below it? */}}
{{- define "oddnode.reportPaths" -}}
/report: true
/report.html: false
/report.json: false
/report.txt: false
{{- end }}
