const POD = 'kubectl -n kube-system get pod -o name -l k8s-app=cilium --field-selector spec.nodeName={node}'

/** A command of a rule that can be pasted anywhere and runs in Cilium's agent on {node}, where its own charts install it. */
export const inCiliumPod = (command: string): string =>
  `with Cilium: kubectl -n kube-system exec $(${POD}) -c cilium-agent -- ${command}`
