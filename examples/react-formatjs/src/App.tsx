import {FormattedMessage, useIntl} from 'react-intl'

export function App({ferries, name}: {ferries: number; name: string}) {
  const intl = useIntl()
  return (
    <main title={intl.formatMessage({defaultMessage: 'Ferry times', description: 'Title of the page'})}>
      <FormattedMessage
        defaultMessage="Welcome aboard, <b>{name}</b>!"
        description="Greeting"
        values={{name, b: chunks => <b>{chunks}</b>}}
      />
      <FormattedMessage
        defaultMessage="{ferries, plural, =0 {No ferry today} one {# ferry today} other {# ferries today}}"
        description="How many ferries are left"
        values={{ferries}}
      />
    </main>
  )
}
