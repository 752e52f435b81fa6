{{/* Takes a text, and says `yes` where it is an IP address, or address:port, as the programs read it. */}}
{{- define "oddnode.isTarget" -}}
{{- $v4Port := regexMatch "^[0-9.]+:[0-9]+$" . -}}
{{- $v6Port := regexMatch "^\\[.*\\]:[0-9]+$" . -}}
{{- $port := ternary (regexFind "[0-9]+$" . | int) 53 (or $v4Port $v6Port) -}}
{{- $address := . -}}
{{- if or $v4Port $v6Port -}}
{{- $address = regexReplaceAll ":[0-9]+$" . "" | trimPrefix "[" | trimSuffix "]" -}}
{{- end -}}
{{- $isV4 := and (not $v6Port) (include "oddnode.isIpv4" $address) -}}
{{- $isV6 := and (not $v4Port) (include "oddnode.isIpv6" $address) -}}
{{- if and (or $isV4 $isV6) (ge $port 1) (le $port 65535) -}}
yes
{{- end -}}
{{- end }}

{{- define "oddnode.isIpv4" -}}
{{- if regexMatch "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\\.|$)){4}$" . }}{{ if not (hasSuffix "." .) }}yes{{ end }}{{ end -}}
{{- end }}

{{/* RFC 4291 section 2.2: eight groups of 16 bits, `::` for one or more of them, and perhaps IPv4 in place of the last two. */}}
{{- define "oddnode.isIpv6" -}}
{{- $v4 := regexFind "[0-9]+(\\.[0-9]+){3}$" . -}}
{{- $groups := . -}}
{{- if and $v4 (include "oddnode.isIpv4" $v4) -}}
{{- $groups = printf "%s0:0" (trimSuffix $v4 .) -}}
{{- end -}}
{{- $count := regexFindAll "[0-9A-Fa-f]+" $groups -1 | len -}}
{{- $isWhole := and (eq $count 8) (regexMatch "^[0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4})*$" $groups) -}}
{{- $isCut := and (lt $count 8) (regexMatch "^([0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4})*)?::([0-9A-Fa-f]{1,4}(:[0-9A-Fa-f]{1,4})*)?$" $groups) -}}
{{- if or $isWhole $isCut -}}
yes
{{- end -}}
{{- end }}
