{{/* shop.labels takes the root and a component: who an object belongs to. */}}
{{- define "shop.labels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: shop
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/part-of: shop
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
owner: {{ $root.Values.owner }}
{{- end }}

{{/* shop.graceSeconds is all that a stop may take, 5 s for the last traces, and
     10 s to spare. It follows its parts, so that nobody can raise one of them
     above it. */}}
{{- define "shop.graceSeconds" -}}
{{- with .Values.shutdown -}}
{{- add (int .preStopSeconds) (int .notReadySeconds) (int .drainSeconds) 15 -}}
{{- end -}}
{{- end }}

{{/* shop.checks refuses values that are fine alone and wrong together. */}}
{{- define "shop.checks" -}}
{{- $most := mul (add 1 (div (mul (int .Values.autoscaling.maxReplicas) 5) 4)) (add1 (int .Values.database.connectionsPerInstance)) -}}
{{- $room := sub (int .Values.database.maxConnections) 20 -}}
{{- if gt $most $room -}}
{{- fail (printf "autoscaling.maxReplicas with a canary opens up to %d connections; database.maxConnections leaves %d" $most $room) -}}
{{- end -}}
{{- if le (int .Values.autoscaling.maxReplicas) (int .Values.autoscaling.minReplicas) -}}
{{- fail "autoscaling.maxReplicas must be above autoscaling.minReplicas" -}}
{{- end -}}
{{- end }}
